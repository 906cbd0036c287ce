"""Opening places and changing them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch, VersionMoved
from santong.kernel.models import OutboxEvent
from santong.merchants.tests.factories import make_brand, make_dealer, make_staff
from santong.stores import public as stores
from santong.stores.models import Location
from santong.stores.tests.factories import make_location


def told(merchant_id: int, name: str) -> list[dict[str, Any]]:
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name=name).order_by("id")
    return [event.body for event in events]


def test_a_new_place_is_found_told_and_recorded(merchant_id: int) -> None:
    brand, dealer = make_brand(merchant_id), make_dealer(merchant_id)

    place = make_location(
        merchant_id=merchant_id,
        code="HZ-001",
        brand_id=brand.id,
        dealer_id=dealer.id,
        hours={"sun": (("12:00", "20:00"),), "mon": (("10:00", "22:00"),)},
    )

    trail = audit.trail_of(merchant_id=merchant_id, subject="location", subject_ids=[place.id])
    assert stores.locations_by_id(merchant_id=merchant_id, location_ids=[place.id, 0]) == {
        place.id: place
    }
    assert stores.locations_by_code(merchant_id=merchant_id, codes=["HZ-001", "?"]) == {
        "HZ-001": place
    }
    assert place.hours == {"mon": (("10:00", "22:00"),), "sun": (("12:00", "20:00"),)}
    assert told(merchant_id, "stores.location_opened.v1") == [
        {
            "location_id": place.id,
            "code": "HZ-001",
            "kind": "store",
            "brand_id": brand.id,
            "dealer_id": dealer.id,
            "is_open": True,
        }
    ]
    assert [entry.action for entry in trail] == ["stores.open_location"]


def test_a_code_that_is_there_is_refused(merchant_id: int) -> None:
    make_location(merchant_id=merchant_id, code="ONE")

    with pytest.raises(stores.CodeTaken) as refused:
        make_location(merchant_id=merchant_id, code=" ONE ")

    assert refused.value.taken == "ONE"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("code", " ", "empty"),
        ("name", "", "empty"),
        ("kind", "kiosk", "kind"),
        ("latitude", 90.01, "range"),
        ("longitude", -180.5, "range"),
        ("latitude", float("nan"), "range"),
        ("longitude", float("inf"), "range"),
        ("timezone", "Asia/Hangzhou", "timezone"),
        ("timezone", "../etc/passwd", "timezone"),
        ("country", "China", "too_long"),
        ("country", "cn", "country"),
        ("hours", {"mon": [["10:00", "9:00"]]}, "interval"),
        ("accept_rate_ppm", 1_000_001, "range"),
        ("daily_capacity", -1, "range"),
        ("address", "a\x00b", "letters"),
    ],
)
def test_a_field_that_makes_no_sense_is_refused(
    field: str, value: Any, reason: str, merchant_id: int, now: datetime
) -> None:
    good: dict[str, Any] = {
        "code": "X",
        "name": "西湖店",
        "kind": "store",
        "latitude": 30.0,
        "longitude": 120.0,
    }

    with pytest.raises(FieldInvalid) as refused:
        stores.open_location(merchant_id=merchant_id, now=now, **{**good, field: value})

    assert (refused.value.pointer, refused.value.reason) == (f"/{field}", reason)


@pytest.mark.parametrize(("owner", "kind"), [("brand_id", "brand"), ("dealer_id", "dealer")])
def test_another_merchants_brand_or_dealer_owns_nothing_here(
    owner: str, kind: str, new_merchant: Callable[..., int]
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        strangers = {"brand_id": make_brand(theirs).id, "dealer_id": make_dealer(theirs).id}

    with tenancy.scope(merchant_id=ours), pytest.raises(NoSuch, match=kind):
        make_location(merchant_id=ours, **{owner: strangers[owner]})  # type: ignore[arg-type]


def test_a_change_is_told_recorded_and_counted(merchant_id: int, now: datetime) -> None:
    place = make_location(merchant_id=merchant_id)

    changed = stores.update_location(
        merchant_id=merchant_id,
        location_id=place.id,
        changes={"is_open": False, "name": "西湖店", "daily_capacity": 40},
        expected_version=1,
        now=now,
    )

    trail = audit.trail_of(merchant_id=merchant_id, subject="location", subject_ids=[place.id])
    [fact] = told(merchant_id, "stores.location_changed.v1")
    assert (changed.is_open, changed.name, changed.daily_capacity) == (False, "西湖店", 40)
    assert changed.version == 2
    assert sorted(fact["fields"]) == ["daily_capacity", "is_open", "name"]
    assert trail[-1].before == {"name": "西湖银泰店", "is_open": True, "daily_capacity": None}
    assert trail[-1].after == {"name": "西湖店", "is_open": False, "daily_capacity": 40}


def test_changing_nothing_leaves_everything(merchant_id: int, now: datetime) -> None:
    place = make_location(merchant_id=merchant_id, hours={"mon": (("10:00", "22:00"),)})

    same = stores.update_location(
        merchant_id=merchant_id,
        location_id=place.id,
        changes={"name": place.name, "hours": place.hours},
        now=now,
    )

    assert same == place
    assert told(merchant_id, "stores.location_changed.v1") == []


def test_a_change_made_from_an_old_version_is_refused(merchant_id: int, now: datetime) -> None:
    place = make_location(merchant_id=merchant_id)
    stores.update_location(
        merchant_id=merchant_id, location_id=place.id, changes={"is_open": False}, now=now
    )

    with pytest.raises(VersionMoved):
        stores.update_location(
            merchant_id=merchant_id,
            location_id=place.id,
            changes={"name": "迟到的改名"},
            expected_version=1,
            now=now,
        )


def test_a_place_that_is_not_there_is_not_changed(merchant_id: int, now: datetime) -> None:
    with pytest.raises(NoSuch):
        stores.update_location(merchant_id=merchant_id, location_id=1, changes={}, now=now)


def test_another_merchants_places_are_not_seen(new_merchant: Callable[..., int]) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=ours):
        place = make_location(merchant_id=ours, code="OURS")

    with tenancy.scope(merchant_id=theirs):
        by_id = stores.locations_by_id(merchant_id=theirs, location_ids=[place.id])
        by_code = stores.locations_by_code(merchant_id=theirs, codes=["OURS"])
        by_wrong_merchant = stores.locations_page(merchant_id=ours)
        near = stores.nearest(merchant_id=theirs, latitude=30.29, longitude=120.16)

    assert (by_id, by_code, by_wrong_merchant, near) == ({}, {}, [], [])


def test_a_brands_people_reach_the_places_of_their_brand(merchant_id: int, now: datetime) -> None:
    brand, other = make_brand(merchant_id), make_brand(merchant_id)
    place = make_location(merchant_id=merchant_id, brand_id=brand.id)

    stores.update_location(
        merchant_id=merchant_id, location_id=place.id, changes={"brand_id": other.id}, now=now
    )

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT brand_id FROM merchants_locationowner WHERE location_id = %s", [place.id]
        )
        assert cursor.fetchall() == [(other.id,)]


def test_a_role_can_only_be_granted_at_a_place_that_is_there(merchant_id: int) -> None:
    place = make_location(merchant_id=merchant_id)

    make_staff(merchant_id, role="clerk", location_id=place.id)

    with pytest.raises((IntegrityError, NoSuch)), transaction.atomic():
        make_staff(merchant_id, role="clerk", location_id=place.id + 1)


def test_a_role_cannot_be_granted_at_another_merchants_place(
    new_merchant: Callable[..., int],
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        place = make_location(merchant_id=theirs)

    with pytest.raises((IntegrityError, NoSuch)), tenancy.scope(merchant_id=ours):
        make_staff(ours, role="clerk", location_id=place.id)


def test_one_of_many_who_open_a_code_wins(merchant: int, at_once: Callable[..., Any]) -> None:
    def open_it() -> stores.Location:
        with tenancy.scope(merchant_id=merchant):
            return make_location(merchant_id=merchant, code="WANTED")

    results = at_once(*[open_it] * 6)

    with tenancy.scope(merchant_id=merchant):
        assert Location.objects.of_merchant(merchant).count() == 1
    assert sorted(type(result).__name__ for result in results) == ["CodeTaken"] * 5 + ["Location"]


def test_of_two_changes_made_from_one_version_one_wins(
    merchant: int, at_once: Callable[..., Any], now: datetime
) -> None:
    with tenancy.scope(merchant_id=merchant):
        place = make_location(merchant_id=merchant)

    def rename(name: str) -> stores.Location:
        with tenancy.scope(merchant_id=merchant):
            return stores.update_location(
                merchant_id=merchant,
                location_id=place.id,
                changes={"name": name},
                expected_version=place.version,
                now=now,
            )

    results = at_once(*(lambda name=name: rename(name) for name in ("一", "二", "三", "四")))

    assert (
        sorted(type(result).__name__ for result in results) == ["Location"] + ["VersionMoved"] * 3
    )


def test_a_healthy_merchant_has_no_findings(merchant_id: int) -> None:
    make_location(merchant_id=merchant_id, brand_id=make_brand(merchant_id).id)

    assert stores.check_invariants(merchant_id=merchant_id) == []


def test_damaged_rows_are_found(merchant_id: int) -> None:
    place = make_location(merchant_id=merchant_id, code="BAD")

    Location.objects.of_merchant(merchant_id).filter(id=place.id).update(
        timezone="Moon/Base", hours={"mon": [["9", "10"]]}
    )

    found = stores.check_invariants(merchant_id=merchant_id)
    assert [finding.detail for finding in found] == [
        "location BAD: interval",
        "location BAD: Moon/Base",
    ]
