"""The kept map: drawn once, true within two seconds, and at once for whoever changed it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from santong.kernel import tenancy
from santong.stores import public as stores
from santong.stores.models import Location, MapVersion
from santong.stores.selectors import kept_maps
from santong.stores.tests.factories import make_location


def test_a_map_is_drawn_once(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_location(merchant_id=merchant)
    with tenancy.scope(merchant_id=merchant):
        first = stores.location_map(merchant_id=merchant)

        with CaptureQueriesContext(connection) as queries:
            second = stores.location_map(merchant_id=merchant)

    assert second is first
    assert len(queries) == 0


def test_after_two_seconds_one_small_question_is_asked(
    merchant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_location(merchant_id=merchant)
    with tenancy.scope(merchant_id=merchant):
        first = stores.location_map(merchant_id=merchant)
        monkeypatch.setattr(kept_maps, "SECONDS_TRUSTED", 0.0)

        with CaptureQueriesContext(connection) as queries:
            second = stores.location_map(merchant_id=merchant)

    assert second is first
    assert ["stores_mapversion" in query["sql"] for query in queries] == [True]


def test_a_change_is_on_the_map_at_once(merchant: int, now: datetime) -> None:
    with tenancy.scope(merchant_id=merchant):
        place = make_location(merchant_id=merchant)
    with tenancy.scope(merchant_id=merchant):
        before = stores.nearest(merchant_id=merchant, latitude=30.0, longitude=120.0)
        stores.update_location(
            merchant_id=merchant, location_id=place.id, changes={"is_open": False}, now=now
        )
        inside = stores.nearest(merchant_id=merchant, latitude=30.0, longitude=120.0)
    with tenancy.scope(merchant_id=merchant):
        after = stores.nearest(merchant_id=merchant, latitude=30.0, longitude=120.0)

    assert [near.location_id for near in before] == [place.id]
    assert (inside, after) == ([], [])


def test_a_place_that_was_rolled_back_is_on_no_map(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        place = make_location(merchant_id=merchant)
        inside = stores.location_map(merchant_id=merchant)
        transaction.set_rollback(True)
    with tenancy.scope(merchant_id=merchant):
        after = stores.location_map(merchant_id=merchant)

    assert inside.ids.tolist() == [place.id]
    assert after.ids.tolist() == []


def test_another_process_is_heard_within_two_seconds(
    merchant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_maps, "SECONDS_TRUSTED", 0.2)
    with tenancy.scope(merchant_id=merchant):
        make_location(merchant_id=merchant)
    with tenancy.scope(merchant_id=merchant):
        stores.location_map(merchant_id=merchant)
    with tenancy.scope(merchant_id=merchant):  # what another process does: no word to this one
        MapVersion.objects.take(merchant_id=merchant)
        Location.objects.of_merchant(merchant).update(can_ship=False)

    time.sleep(0.25)

    with tenancy.scope(merchant_id=merchant):
        near = stores.nearest(
            merchant_id=merchant, latitude=30.0, longitude=120.0, capability="ship"
        )
    assert near == []


def test_many_who_ask_at_once_get_one_map(merchant: int, at_once: Callable[..., Any]) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_location(merchant_id=merchant)

    def ask() -> stores.LocationMap:
        with tenancy.scope(merchant_id=merchant):
            return stores.location_map(merchant_id=merchant)

    maps = at_once(*[ask] * 6)

    assert len({id(each) for each in maps}) == 1


def test_a_map_shows_its_merchants_places_only(new_merchant: Callable[..., int]) -> None:
    ours, theirs = new_merchant(), new_merchant(cell="second")
    for merchant_id in (ours, theirs):
        with tenancy.scope(merchant_id=merchant_id):
            make_location(merchant_id=merchant_id)

    with tenancy.scope(merchant_id=ours):
        our_map = stores.location_map(merchant_id=ours)
    with tenancy.scope(merchant_id=theirs):
        their_map = stores.location_map(merchant_id=theirs)

    assert len(our_map.ids) == len(their_map.ids) == 1
    assert our_map.ids.tolist() != their_map.ids.tolist()


def test_no_more_maps_are_kept_than_said(
    new_merchant: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_maps, "MOST_KEPT", 1)
    first, second = new_merchant(), new_merchant()

    for merchant_id in (first, second, first):
        with tenancy.scope(merchant_id=merchant_id):
            stores.location_map(merchant_id=merchant_id)

    assert list(kept_maps._kept) == [first]  # noqa: SLF001  how many are kept is the promise
