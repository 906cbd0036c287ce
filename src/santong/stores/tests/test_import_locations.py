"""Importing places: all or nothing, by code, and the same rows again change nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from django.db import transaction

from santong.kernel import tenancy
from santong.kernel.models import OutboxEvent
from santong.merchants.tests.factories import make_brand, make_dealer
from santong.stores import public as stores
from santong.stores.contracts import ImportReport, LocationRow
from santong.stores.models import Location
from santong.stores.tests.factories import NOW, make_location, make_row


def bring(merchant_id: int, *rows: LocationRow) -> ImportReport:
    return stores.import_locations(merchant_id=merchant_id, rows=rows, now=NOW)


def told(merchant_id: int, name: str) -> list[str]:
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name=name).order_by("id")
    return [event.body["code"] for event in events]


def test_new_rows_are_opened(merchant_id: int) -> None:
    brand = make_brand(merchant_id, code="CX")
    dealer = make_dealer(merchant_id, code="HD")

    report = bring(
        merchant_id,
        make_row(code="A", brand_code="CX", dealer_code="HD", hours={"mon": (("10:00", "22:00"),)}),
        make_row(code="B", kind="warehouse", daily_capacity=5_000),
    )

    found = stores.locations_by_code(merchant_id=merchant_id, codes=["A", "B"])
    assert report == ImportReport(created=2, changed=0, unchanged=0)
    assert (found["A"].brand_id, found["A"].dealer_id) == (brand.id, dealer.id)
    assert found["A"].hours == {"mon": (("10:00", "22:00"),)}
    assert (found["B"].kind, found["B"].daily_capacity) == ("warehouse", 5_000)
    assert told(merchant_id, "stores.location_opened.v1") == ["A", "B"]


def test_a_row_without_coordinates_is_placed_by_its_city(merchant_id: int) -> None:
    bring(merchant_id, make_row(code="A", latitude=None, longitude=None, city="宁波市"))

    place = stores.locations_by_code(merchant_id=merchant_id, codes=["A"])["A"]
    assert (round(place.latitude, 1), round(place.longitude, 1)) == (29.9, 121.5)


def test_the_same_rows_again_change_nothing(merchant_id: int) -> None:
    rows = [
        make_row(code="A", hours={"sun": (("10:00", "22:00"),), "mon": (("09:00", "12:00"),)}),
        make_row(code="B", latitude=None, longitude=None),
    ]
    bring(merchant_id, *rows)

    report = bring(merchant_id, *rows)

    assert report == ImportReport(created=0, changed=0, unchanged=2)
    assert told(merchant_id, "stores.location_changed.v1") == []


def test_what_differs_is_changed(merchant_id: int) -> None:
    row = make_row(code="A", hours={"mon": (("10:00", "22:00"),)})
    bring(merchant_id, row, make_row(code="B"))

    report = bring(merchant_id, replace(row, hours=None, parcel_cost_minor=1))

    place = stores.locations_by_code(merchant_id=merchant_id, codes=["A"])["A"]
    assert report == ImportReport(created=0, changed=1, unchanged=0)
    assert (place.hours, place.parcel_cost_minor, place.version) == (None, 1, 2)
    assert told(merchant_id, "stores.location_changed.v1") == ["A"]


class Case(NamedTuple):
    name: str
    row: LocationRow
    column: str
    reason: str


WRONG = [
    Case("no code", replace(make_row(), code=""), "code", "empty"),
    Case("a kind that is none", make_row(kind="shop"), "kind", "kind"),
    Case("a name that is too long", make_row(name="店" * 201), "name", "too_long"),
    Case("a latitude beyond the pole", make_row(latitude=91.0), "latitude", "range"),
    Case("no longitude", make_row(longitude=None), "longitude", "not_found"),
    Case("a zone that is none", make_row(timezone="China"), "timezone", "timezone"),
    Case("a share above one", make_row(accept_rate_ppm=1_000_001), "accept_rate_ppm", "range"),
    Case("a brand that is not there", make_row(brand_code="?"), "brand_code", "unknown"),
    Case("a dealer that is not there", make_row(dealer_code="?"), "dealer_code", "unknown"),
    Case(
        "hours that overlap",
        make_row(hours={"mon": (("10:00", "12:00"), ("11:00", "13:00"))}),
        "hours",
        "overlap",
    ),
]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case.name)
def test_one_wrong_row_keeps_all_out(case: Case, merchant_id: int) -> None:
    with pytest.raises(stores.ImportRefused) as refused, transaction.atomic():
        bring(merchant_id, make_row(code="GOOD"), case.row)

    [error] = refused.value.errors
    assert (error.row, error.column, error.reason) == (2, case.column, case.reason)
    assert not Location.objects.of_merchant(merchant_id).exists()


def test_an_address_that_nobody_knows_is_named_for_both_coordinates(merchant_id: int) -> None:
    row = make_row(latitude=None, longitude=None, province="浙江省", city="没有这个市")

    with pytest.raises(stores.ImportRefused) as refused:
        bring(merchant_id, row)

    assert [(error.column, error.reason) for error in refused.value.errors] == [
        ("latitude", "not_found"),
        ("longitude", "not_found"),
    ]


def test_a_code_that_comes_twice_is_refused(merchant_id: int) -> None:
    with pytest.raises(stores.ImportRefused) as refused:
        bring(merchant_id, make_row(code="A"), make_row(code=" A"))

    assert [(error.row, error.reason) for error in refused.value.errors] == [(2, "repeated")]


def test_two_imports_of_the_same_codes_have_one_effect(
    merchant: int, at_once: Callable[..., Any]
) -> None:
    rows = [make_row(code=f"P{number}") for number in range(100)]

    def run(wanted: list[LocationRow]) -> ImportReport:
        with tenancy.scope(merchant_id=merchant):
            return bring(merchant, *wanted)

    results = at_once(lambda: run(rows), lambda: run(rows[::-1]), lambda: run(rows))

    with tenancy.scope(merchant_id=merchant):
        assert Location.objects.of_merchant(merchant).count() == 100
        assert len(told(merchant, "stores.location_opened.v1")) == 100
    assert sorted((report.created, report.unchanged) for report in results) == [
        (0, 100),
        (0, 100),
        (100, 0),
    ]


def test_an_import_and_somebody_who_opens_one_of_its_codes_agree(
    merchant: int, at_once: Callable[..., Any]
) -> None:
    def import_it() -> ImportReport:
        with tenancy.scope(merchant_id=merchant):
            return bring(merchant, make_row(code="A"), make_row(code="X"))

    def open_it() -> stores.Location:
        with tenancy.scope(merchant_id=merchant):
            return make_location(merchant_id=merchant, code="X")

    imported, opened = at_once(import_it, open_it)

    with tenancy.scope(merchant_id=merchant):
        assert Location.objects.of_merchant(merchant).count() == 2
    assert isinstance(imported, ImportReport)
    assert isinstance(opened, stores.CodeTaken) == (imported.created == 2)
