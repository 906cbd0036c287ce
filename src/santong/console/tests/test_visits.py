"""Visits in the console: dispatchers, providers and technicians at their screens."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from santong.fieldservice import public as fieldservice
from santong.fieldservice.tests.factories import (
    LAKE,
    PLACE,
    make_provider,
    make_service,
    make_technician,
    make_visit,
)
from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff

CHINA = ZoneInfo("Asia/Shanghai")
_keys = itertools.count(1)


class Person:
    """Somebody logged in."""

    def __init__(self, merchant_id: int, login: str) -> None:
        with tenancy.scope(merchant_id=merchant_id):
            code = merchants.merchant(merchant_id=merchant_id).code
        self.client = Client(headers={"Accept-Language": "zh-hans"})
        self.client.post("/log-in/", {"merchant": code, "login": login, "password": PASSWORD})

    def open(self, path: str, *, expect: int = 200) -> str:
        answer = self.client.get(f"/console/{path}")
        assert answer.status_code == expect, path
        return answer.content.decode()

    def send(self, path: str, *, expect: int = 200, **form: Any) -> str:
        answer = self.client.post(
            f"/console/{path}", {"key": f"visits-{next(_keys)}", **form}, follow=True
        )
        assert answer.status_code == expect, answer.content.decode()[-2_000:]
        return answer.content.decode()


class Team:
    """A provider with a technician who logs in, and a visit that is booked."""

    def __init__(self, merchant_id: int) -> None:
        self.merchant_id, now = merchant_id, datetime.now(UTC)
        with tenancy.scope(merchant_id=merchant_id):
            make_staff(merchant_id, role="head_office", login="head")
            for login in ("ours", "theirs"):
                looks_after = make_staff(merchant_id, role="provider", login=login)
                make_provider(merchant_id, code=login, staff_ids=[looks_after.id])
            person = make_staff(merchant_id, role="technician", login="li")
            make_service(merchant_id)
            provider = fieldservice.provider_by_code(merchant_id=merchant_id, code="ours")
            make_technician(
                merchant_id, provider=provider, code="li", home=LAKE, staff_id=person.id
            )
            self.visit_id = make_visit(merchant_id, now=now).id
            on = now.astimezone(CHINA).date() + timedelta(days=2)
            (day,) = fieldservice.windows_for(
                merchant_id=merchant_id, visit_id=self.visit_id, on=on, now=now
            )
            self.windows = [each.starts_at.isoformat() for each in day.windows]
            self.on = f"{on}"

    def visit(self) -> fieldservice.Visit:
        with tenancy.scope(merchant_id=self.merchant_id):
            return fieldservice.visit_by_id(merchant_id=self.merchant_id, visit_id=self.visit_id)

    def person(self, login: str) -> Person:
        return Person(self.merchant_id, login)

    def booked(self) -> Person:
        head = self.person("head")
        head.send(f"visits/{self.visit_id}/do/", do="book", window=self.windows[1])
        return head


@pytest.fixture
def team(merchant: int) -> Team:
    return Team(merchant)


def test_a_dispatcher_books_moves_and_calls_off(team: Team) -> None:
    head, path = team.booked(), f"visits/{team.visit_id}/do/"
    assert "为什么派这位师傅" in head.open(f"visits/{team.visit_id}/")

    head.send(path, do="book", window=team.windows[3], technician="li", reason="顾客来电")
    assert "已确认" in head.send(path, do="confirm")
    assert head.send(path, do="book", window="x", reason="x", expect=422)
    head.send(path, do="cancel", reason="不装了")

    assert (team.visit().state, team.visit().is_late) == ("cancelled", False)


def test_a_visit_is_asked_for_by_those_who_see_it_afterwards(team: Team) -> None:
    head, outside = team.person("head"), team.person("ours")
    asked: dict[str, Any] = {
        "document": "stagedsale:700700",
        "service": "install",
        "name": "顾雨桐",
        "phone": "13900001234",
        "city": "杭州市",
        "address": "文三路 90 号",
        "point": f"{PLACE.latitude}, {PLACE.longitude}",
    }

    assert "stagedsale:700700" in head.open("visits/new/?document=stagedsale:700700")
    nowhere = head.send("visits/ask/", **(asked | {"address": " "}), expect=422)
    outside.send("visits/ask/", **asked, expect=404)
    before = _asked_for(team, "stagedsale:700700")
    made = head.send("visits/ask/", **asked)

    assert "文三路" not in made
    assert "顾雨桐" in nowhere
    assert before == []
    assert "买家可通过链接选择时间" in made
    assert _asked_for(team, "stagedsale:700700") == ["offered"]


def _asked_for(team: Team, document: str) -> list[str]:
    with tenancy.scope(merchant_id=team.merchant_id):
        found = fieldservice.visits_page(merchant_id=team.merchant_id, document=document)
    return [each.state for each in found]


def test_a_link_is_shown_until_another_takes_its_place(team: Team) -> None:
    head = team.booked()
    shown = head.open(f"visits/{team.visit_id}/")
    assert Client().get(_buyers_page(shown)).status_code == 200

    renewed = head.send(f"visits/{team.visit_id}/link/")

    assert Client().get(_buyers_page(renewed)).status_code == 200
    assert Client().get(_buyers_page(shown)).status_code == 404


def _buyers_page(page: str) -> str:
    return f"/v/{page.partition('/v/')[2].partition('/')[0]}/"


def test_a_technician_goes_there_step_by_step(team: Team) -> None:
    team.booked()
    li, path = team.person("li"), f"my-visits/{team.visit_id}/do/"
    assert "橱柜安装" in li.open(f"my-day/?on={team.on}")

    assert PLACE.address not in li.open(f"my-visits/{team.visit_id}/")
    assert PLACE.address in li.send(
        f"visits/{team.visit_id}/reveal/", back="work", reason="导航前往"
    )
    li.send(path, do="set_out")
    assert "太远" in li.send(path, do="check_in", at="30.5, 120.1", expect=409)
    li.send(path, do="check_in", at=f"{PLACE.latitude}, {PLACE.longitude}")
    li.send(path, do="begin")
    li.send(path, do="done", parts="HINGE 4\nDOOR-L")
    assert "不对" in li.send(path, do="accept", code="000")
    with tenancy.scope(merchant_id=team.merchant_id):
        code = fieldservice.completion_code(merchant_id=team.merchant_id, visit_id=team.visit_id)
        parts = fieldservice.parts_of(merchant_id=team.merchant_id, visit_id=team.visit_id)
    assert "买家验收码" in li.send(path, do="accept", code=code)

    assert {each.sku_code: each.quantity for each in parts} == {"HINGE": 4, "DOOR-L": 1}
    assert team.visit().state == "accepted"


def test_a_second_trip_is_asked_for_with_its_parts(team: Team) -> None:
    head = team.booked()
    li, path = team.person("li"), f"my-visits/{team.visit_id}/do/"
    li.send(path, do="check_in", at=f"{PLACE.latitude}, {PLACE.longitude}")
    assert li.send(path, do="follow", reason="parts", parts="x y z", expect=422)

    li.send(path, do="follow", reason="parts", parts="DOOR-L x2")

    with tenancy.scope(merchant_id=team.merchant_id):
        follower = fieldservice.follower_of(merchant_id=team.merchant_id, visit_id=team.visit_id)
    page = head.send(f"visits/{follower}/do/", do="parts", sku="DOOR-L")
    assert "待预约" in page


def test_others_are_not_there_for_a_provider_or_a_technician(team: Team) -> None:
    team.booked()
    theirs, li = team.person("theirs"), team.person("li")

    for path in (f"visits/{team.visit_id}/", f"my-visits/{team.visit_id}/"):
        theirs.open(path, expect=404)
        li.open(path)
    theirs.send(f"visits/{team.visit_id}/do/", do="cancel", reason="x", expect=404)
    assert "橱柜安装" not in theirs.open("visits/")
    theirs.open("technicians/li/", expect=404)
    li.open("day-plans/", expect=403)
    li.send("technicians/keep/", provider="ours", code="x", name="x", home="1, 1", expect=403)
    assert team.visit().state == "booked"


def test_people_services_and_territories_are_kept_by_forms(team: Team) -> None:
    head, ours = team.person("head"), team.person("ours")

    head.send(
        "service-types/keep/",
        code="lamp",
        name="灯具维修",
        work_minutes="30",
        before_minutes="0",
        after_minutes="5",
        window_minutes="60",
        notice_hours="2",
        free_change_hours="12",
        late_fee_minor="0",
        skills="light，ladder",
        needs_photos="yes",
    )
    head.send(
        "territories/keep/", code="lake", name="西湖", kind="radius", drawn="30.25, 120.15",
        radius_metres="3000",
    )  # fmt: skip
    head.send(
        "technicians/provider/", code="new", name="新服务商", metres_per_minute="500",
        fixed_minutes="5", logins="ours",
    )  # fmt: skip
    ours.send(
        "technicians/keep/", provider="ours", code="wang", name="王师傅", skills="cabinet",
        home="30.25, 120.15", territory="lake", is_working="yes",
    )  # fmt: skip
    ours.send(
        "technicians/wang/hours/", days=["MO", "WE"], begins_1="09:00", ends_1="12:00",
        since="2026-01-01",
    )  # fmt: skip
    page = ours.send(
        "technicians/wang/leave/", do="add", first="2026-12-01", last="2026-12-03", reason="年假"
    )

    assert "周一、周三" in page
    assert "年假" in page
    with tenancy.scope(merchant_id=team.merchant_id):
        lamp = fieldservice.service_type_by_code(merchant_id=team.merchant_id, code="lamp")
        (lake,) = fieldservice.territories(merchant_id=team.merchant_id)
    assert (lamp.skills, lamp.needs_photos, lamp.needs_code) == (("light", "ladder"), True, False)
    assert lake.kind == "radius"
    ours.send("service-types/keep/", code="x", name="x", work_minutes="5", expect=403)


def test_a_plan_that_saves_nothing_is_not_proposed(team: Team) -> None:
    head = team.booked()

    asked = head.send("day-plans/propose/", provider="ours", on=team.on)
    with tenancy.scope(merchant_id=team.merchant_id):
        (plan,) = fieldservice.day_plans(merchant_id=team.merchant_id)
        done = fieldservice.work_out_day_plans(
            merchant_id=team.merchant_id, limit=9, now=datetime.now(UTC)
        )
    page = head.open(f"day-plans/{plan.id}/")

    assert "正在计算" in asked
    assert 'data-refresh="3"' in asked
    assert done == 1
    assert "没有更省路的方案" in page
    assert "data-refresh" not in page
    team.person("theirs").send("day-plans/propose/", provider="ours", on=team.on, expect=404)
