"""Asking for a visit, the windows that are offered for it, and its link."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from santong.fieldservice import contracts
from santong.fieldservice.errors import (
    KeyTaken,
    LinkOver,
    PlaceUnknown,
    StillWaits,
)
from santong.fieldservice.models import Visit
from santong.fieldservice.selectors.links import link_of, link_path, visit_of_link
from santong.fieldservice.selectors.offers import windows_for
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.book_visit import book
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.services.keep_calendar import add_holiday, add_leave, remove_leave
from santong.fieldservice.services.keep_people import keep_territory
from santong.fieldservice.services.renew_link import renew_link
from santong.fieldservice.services.request_visit import request_visit
from santong.fieldservice.tests.factories import (
    CONTACT,
    LAKE,
    NOW,
    PLACE,
    TOMORROW,
    at,
    local,
    make_provider,
    make_service,
    make_team,
    make_technician,
    make_visit,
    refused,
)
from santong.kernel.errors import FieldInvalid, NoSuch

TEN = local(10)


def windows(merchant_id: int, visit: contracts.Visit, *, on: date = TOMORROW) -> list[str]:
    (day,) = windows_for(merchant_id=merchant_id, visit_id=visit.id, on=on, now=NOW)
    return [f"{window.starts_at + timedelta(hours=8):%H:%M}" for window in day.windows]


def test_a_visit_is_offered_at_once_and_its_contact_is_masked(merchant_id: int) -> None:
    make_team(merchant_id)

    visit = make_visit(merchant_id)

    assert visit.state == "offered"
    assert visit.contact == contracts.MaskedContact(
        name="王**", phone="138****8000", address="浙江省杭州市西湖区***"
    )
    row = Visit.objects.get(id=visit.id)
    assert row.contact().place.address == PLACE.address
    assert b"1380013" not in bytes(row.contact_sealed)
    assert (row.latitude, row.longitude) == (30.271, 120.131)


def test_the_same_key_asks_for_the_same_visit(merchant_id: int) -> None:
    make_team(merchant_id)
    first = make_visit(merchant_id, key="same", document="case:7")

    again = make_visit(merchant_id, key="same", document="case:7")

    assert again.id == first.id
    with refused(KeyTaken):
        make_visit(merchant_id, key="same", document="case:8")


def test_a_place_without_a_point_is_looked_up_or_refused(merchant_id: int) -> None:
    make_team(merchant_id)

    visit = make_visit(
        merchant_id, place=contracts.Place(province="浙江省", city="杭州市", address="文三路 90 号")
    )

    assert visit.latitude == pytest.approx(30.3, abs=0.2)
    with refused(PlaceUnknown):
        make_visit(merchant_id, place=contracts.Place(address="?"))


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("document", {"document": "17"}),
        ("contact", {"contact": contracts.Contact()}),
        ("key", {"key": "k" * 101}),
    ],
)
def test_what_makes_no_sense_is_refused(
    merchant_id: int, field: str, given: dict[str, Any]
) -> None:
    make_team(merchant_id)

    with refused(FieldInvalid):
        make_visit(merchant_id, **given)


def test_windows_are_offered_where_somebody_can_come(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)

    # From eight; the last window in which ninety minutes fit begins at four.
    assert windows(merchant_id, visit) == ["08:00", "10:00", "12:00", "14:00", "16:00"]
    assert windows(merchant_id, visit, on=date(2026, 11, 11)) == []


def test_leave_and_holidays_close_windows(merchant_id: int) -> None:
    person = make_team(merchant_id)
    visit = make_visit(merchant_id)
    away = add_leave(
        merchant_id=merchant_id,
        technician_id=person.id,
        starts_at=local(8),
        ends_at=local(14),
        reason="体检",
        now=NOW,
    )

    assert windows(merchant_id, visit) == ["14:00", "16:00"]

    remove_leave(merchant_id=merchant_id, leave_id=away.id, now=NOW)
    add_holiday(
        merchant_id=merchant_id,
        provider_code=person.provider_code,
        on=TOMORROW,
        name="厂休",
        now=NOW,
    )
    assert windows(merchant_id, visit) == []


def test_nobody_is_offered_outside_their_territory(merchant_id: int) -> None:
    make_service(merchant_id)
    keep_territory(
        merchant_id=merchant_id, code="lake", name="西湖", middle=LAKE, radius_metres=3_000, now=NOW
    )
    make_technician(merchant_id, provider=make_provider(merchant_id), territory_code="lake")

    inside, outside = (
        make_visit(merchant_id, place=at(1, 0)),
        make_visit(merchant_id, place=at(10, 0)),
    )

    assert windows(merchant_id, inside) != []
    assert windows(merchant_id, outside) == []


def test_a_visit_that_waits_for_goods_cannot_be_booked(merchant_id: int) -> None:
    make_team(merchant_id)

    visit = make_visit(merchant_id, wait_for_goods=True)

    assert visit.state == "requested"
    with refused(StillWaits):
        book(merchant_id=merchant_id, visit_id=visit.id, window_from=TEN, now=NOW)


def test_a_link_opens_its_visit_until_it_is_renewed(merchant_id: int) -> None:
    make_team(merchant_id)
    of: dict[str, Any] = {"merchant_id": merchant_id, "visit_id": make_visit(merchant_id).id}
    shown = link_path(**of, now=NOW)
    link = link_of(token=shown.split("/")[2])
    assert visit_of_link(link=link, now=NOW) == of["visit_id"]

    token = renew_link(**of, now=NOW)

    assert visit_of_link(link=link_of(token=token), now=NOW) == of["visit_id"]
    assert link_path(**of, now=NOW) == f"/v/{token}/" != shown
    with refused(LinkOver):
        visit_of_link(link=link, now=NOW)


def test_a_link_lasts_while_the_visit_is_ahead_and_for_a_while_after(merchant_id: int) -> None:
    make_team(merchant_id)
    visit = make_visit(merchant_id)
    of: dict[str, Any] = {"merchant_id": merchant_id, "visit_id": visit.id}
    link = link_of(token=link_path(**of, now=NOW).split("/")[2])
    assert visit_of_link(link=link, now=NOW + timedelta(days=1000)) == visit.id

    cancel(**of, by="buyer", reason="不装了", now=NOW)

    assert visit_of_link(link=link, now=NOW + timedelta(days=89)) == visit.id
    assert link_path(**of, now=NOW + timedelta(days=90)) == ""
    with refused(LinkOver):
        visit_of_link(link=link, now=NOW + timedelta(days=90))


def test_what_is_not_there_is_refused(merchant_id: int) -> None:
    make_team(merchant_id)

    with refused(NoSuch):
        request_visit(
            merchant_id=merchant_id,
            document="case:1",
            service_type_code="nothing",
            contact=CONTACT,
            place=PLACE,
            key="k",
            now=NOW,
        )
    with refused(NoSuch):
        visit_by_id(merchant_id=merchant_id, visit_id=10**12)
