"""The buyer's page: whoever has the link chooses, moves, signs, and nobody else."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from santong.fieldservice import contracts
from santong.fieldservice.selectors.codes import arrival_code, completion_code
from santong.fieldservice.selectors.links import PURPOSE, link_path
from santong.fieldservice.selectors.offers import windows_for
from santong.fieldservice.selectors.photos import photos_of
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.add_photos import add_photos
from santong.fieldservice.services.book_visit import book
from santong.fieldservice.services.check_in import check_in_by_place
from santong.fieldservice.services.renew_link import renew_link
from santong.fieldservice.services.report_done import report_done
from santong.fieldservice.tests.factories import make_team, make_visit
from santong.fieldservice.tests.services.test_visit_life import PHOTO, PNG, SIGNED, THERE
from santong.kernel import tenancy
from santong.kernel.links import Link, token_of

CHINA = ZoneInfo("Asia/Shanghai")


class Buyer:
    """Somebody with a link, on a phone that runs no scripts."""

    def __init__(self, merchant_id: int, **visit: Any) -> None:
        self.merchant_id, self.client = merchant_id, Client()
        with tenancy.scope(merchant_id=merchant_id):
            make_team(merchant_id)
            now = datetime.now(UTC)
            self.visit_id = make_visit(merchant_id, **{"now": now, **visit}).id
            self.token = link_path(merchant_id=merchant_id, visit_id=self.visit_id, now=now).split(
                "/"
            )[2]

    def open(self, path: str = "", *, expect: int = 200) -> str:
        answer = self.client.get(f"/v/{self.token}/{path}", headers={"Accept-Language": "zh-hans"})
        assert answer.status_code == expect
        return answer.content.decode()

    def send(self, *, expect: int = 200, **form: str) -> str:
        answer = self.client.post(f"/v/{self.token}/", form, follow=True)
        assert answer.status_code == expect
        return answer.content.decode()

    def window(self, place: int = 0, *, days: int = 3) -> str:
        with tenancy.scope(merchant_id=self.merchant_id):
            (day,) = windows_for(
                merchant_id=self.merchant_id,
                visit_id=self.visit_id,
                on=datetime.now(CHINA).date() + timedelta(days=days),
                now=datetime.now(UTC),
            )
        return day.windows[place].starts_at.isoformat()

    def visit(self) -> contracts.Visit:
        with tenancy.scope(merchant_id=self.merchant_id):
            return visit_by_id(merchant_id=self.merchant_id, visit_id=self.visit_id)

    def book(self) -> None:
        self.send(do="take", window=self.window())

    def let_it_be_done(self) -> None:
        self.book()
        now = datetime.now(UTC)
        with tenancy.scope(merchant_id=self.merchant_id):
            check_in_by_place(
                merchant_id=self.merchant_id, visit_id=self.visit_id, at=THERE, now=now
            )
            add_photos(
                merchant_id=self.merchant_id,
                visit_id=self.visit_id,
                uploads=[PHOTO],
                by="technician",
                now=now,
            )
            report_done(merchant_id=self.merchant_id, visit_id=self.visit_id, now=now)


@pytest.fixture
def buyer(merchant: int) -> Buyer:
    return Buyer(merchant)


def test_a_buyer_holds_a_window_and_books_it(buyer: Buyer) -> None:
    assert "什么时候上门方便" in buyer.open()

    held = buyer.send(do="hold", window=buyer.window())
    booked = buyer.send(do="take", window=buyer.window())

    assert "为您保留到" in held
    assert "李师傅" in booked
    with tenancy.scope(merchant_id=buyer.merchant_id):
        code = arrival_code(merchant_id=buyer.merchant_id, visit_id=buyer.visit_id)
    assert f"{code[:3]} {code[3:]}" in booked
    assert "已确认" in buyer.send(do="confirm")
    assert buyer.visit().state == "confirmed"


def test_a_held_window_can_be_let_go(buyer: Buyer) -> None:
    buyer.send(do="hold", window=buyer.window())

    assert "为您保留到" not in buyer.send(do="release")


def test_what_is_booked_moves_by_an_hour_though_the_times_overlap(buyer: Buyer) -> None:
    buyer.book()
    page = buyer.open("?change=1")
    before = buyer.visit().window

    assert 'name="do" value="take"' in page
    assert 'name="do" value="hold"' not in page
    assert before is not None
    near = min(
        (
            datetime.fromisoformat(each)
            for each in re.findall(r'name="window" value="([^"]+)"', page)
            if datetime.fromisoformat(each) != before.starts_at
        ),
        key=lambda each: abs(each - before.starts_at),
    )
    buyer.send(do="take", window=near.isoformat())

    after = buyer.visit().window
    assert after is not None
    assert (after.starts_at, buyer.visit().state) == (near, "booked")


def test_a_buyer_moves_and_calls_off(buyer: Buyer) -> None:
    buyer.book()
    later = buyer.window(2, days=4)

    assert "改约时间" in buyer.open("?change=1")
    buyer.send(do="take", window=later)
    assert buyer.visit().window == contracts.Window(
        starts_at=datetime.fromisoformat(later),
        ends_at=datetime.fromisoformat(later) + timedelta(hours=2),
    )
    assert "已取消" in buyer.send(do="cancel", reason="不装了")
    assert (buyer.visit().cancelled_by, buyer.visit().is_late) == ("buyer", False)


def test_the_calendar_entry_keeps_its_name_and_its_sequence_grows(buyer: Buyer) -> None:
    buyer.open("visit.ics", expect=404)
    buyer.book()
    entries = [Calendar.from_ical(buyer.open("visit.ics"))]
    buyer.send(do="take", window=buyer.window(1, days=4))
    entries.append(Calendar.from_ical(buyer.open("visit.ics")))
    buyer.send(do="cancel")
    entries.append(Calendar.from_ical(buyer.open("visit.ics")))

    events = [entry.walk("VEVENT")[0] for entry in entries]
    assert [str(entry["METHOD"]) for entry in entries] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert len({str(event["UID"]) for event in events}) == 1
    sequences = [int(str(event["SEQUENCE"])) for event in events]
    assert sequences == sorted(set(sequences))
    assert str(events[-1]["STATUS"]) == "CANCELLED"
    assert all("王" not in entry.to_ical().decode() for entry in entries)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({"signature": "data:image/png;base64," + base64.b64encode(SIGNED).decode()}, "signature"),
        ({"written": "王小明"}, "document"),
    ],
    ids=["drawn", "written"],
)
def test_a_buyer_signs_drawn_or_written(buyer: Buyer, form: dict[str, str], kind: str) -> None:
    buyer.let_it_be_done()
    page = buyer.open()
    with tenancy.scope(merchant_id=buyer.merchant_id):
        code = completion_code(merchant_id=buyer.merchant_id, visit_id=buyer.visit_id)
        (photo,) = photos_of(merchant_id=buyer.merchant_id, visit_id=buyer.visit_id)
    assert f"{code[:3]} {code[3:]}" in page
    answer = buyer.client.get(f"/v/{buyer.token}/photos/{photo.id}")
    assert answer.content == PNG
    buyer.open(f"photos/{photo.id + 1}", expect=404)

    assert "已验收" in buyer.send(expect=200, do="sign", **form)

    with tenancy.scope(merchant_id=buyer.merchant_id):
        kept = photos_of(merchant_id=buyer.merchant_id, visit_id=buyer.visit_id)
    assert kind in {each.kind for each in kept}


def test_nothing_is_signed_by_an_empty_form(buyer: Buyer) -> None:
    buyer.let_it_be_done()

    buyer.send(do="sign", expect=422)

    assert buyer.visit().state == "done"


def test_a_window_that_is_taken_is_said_to_be(buyer: Buyer) -> None:
    window = buyer.window(1)
    with tenancy.scope(merchant_id=buyer.merchant_id):
        now = datetime.now(UTC)
        book(
            merchant_id=buyer.merchant_id,
            visit_id=make_visit(buyer.merchant_id, now=now).id,
            window_from=datetime.fromisoformat(window),
            now=now,
        )

    assert "请换一个时段" in buyer.send(do="take", window=window, expect=409)


@pytest.mark.parametrize("form", [{"do": "x"}, {"do": "take"}, {"do": "take", "window": "x"}])
def test_a_form_of_somebody_elses_making_does_nothing(buyer: Buyer, form: dict[str, str]) -> None:
    buyer.send(expect=422, **form)

    assert buyer.visit().state == "offered"


def test_another_token_opens_nothing(buyer: Buyer, new_merchant: Callable[..., int]) -> None:
    elsewhere = Link(merchant_id=new_merchant(), thing_id=buyer.visit_id, round=1)
    nowhere = Link(merchant_id=10**9, thing_id=1, round=1)
    theirs = [token_of(purpose=PURPOSE, link=link) for link in (elsewhere, nowhere)]

    for token in (*theirs, "zz", buyer.token[:-1] + "é", f"{buyer.token}A"):
        assert buyer.client.get(f"/v/{token}/").status_code == 404
    with tenancy.scope(merchant_id=buyer.merchant_id):
        renew_link(merchant_id=buyer.merchant_id, visit_id=buyer.visit_id, now=datetime.now(UTC))
    assert buyer.client.get(f"/v/{buyer.token}/").status_code == 404


def test_what_waits_says_for_what(merchant: int) -> None:
    assert "货到齐后" in Buyer(merchant, wait_for_goods=True).open()
