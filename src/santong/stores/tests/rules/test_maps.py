"""The map: exact distances, deterministic order, and arrays that nobody can write."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from math import asin, cos, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from santong.stores.contracts import Capability, Near
from santong.stores.rules.maps import (
    EARTH_RADIUS_METRES,
    UNLIMITED,
    Place,
    drawn,
    metres_between,
)

HANGZHOU = (30.2936, 120.1614)
SUZHOU = (31.3041, 120.5954)
BEIJING = (39.9075, 116.3972)


def a_place(
    number: int,
    *,
    latitude: float = 30.0,
    longitude: float = 120.0,
    can_ship: bool = True,
    can_pickup: bool = True,
    can_courier: bool = False,
    serves_radius_metres: int | None = None,
    is_open: bool = True,
) -> Place:
    return Place(
        id=number,
        code=f"L{number}",
        kind="store",
        brand_id=None,
        dealer_id=7,
        latitude=latitude,
        longitude=longitude,
        hours=None,
        timezone="Asia/Shanghai",
        daily_capacity=None,
        can_ship=can_ship,
        can_pickup=can_pickup,
        can_courier=can_courier,
        accepts_returns=False,
        serves_radius_metres=serves_radius_metres,
        parcel_cost_minor=900,
        handling_cost_minor=100,
        accept_rate_ppm=900_000,
        is_open=is_open,
    )


def haversine(one: tuple[float, float], other: tuple[float, float]) -> float:
    north, other_north = radians(one[0]), radians(other[0])
    half = sin((other_north - north) / 2) ** 2
    half += cos(north) * cos(other_north) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH_RADIUS_METRES * asin(min(1.0, sqrt(half)))


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (HANGZHOU, HANGZHOU, 0),
        (HANGZHOU, SUZHOU, 120),
        (BEIJING, HANGZHOU, 1122),
        ((0.0, 179.9), (0.0, -179.9), 22),
        ((90.0, 0.0), (-90.0, 0.0), 20_015),
        ((0.0, 0.0), (0.0, 180.0), 20_015),
    ],
)
def test_known_distances(
    one: tuple[float, float], other: tuple[float, float], kilometres: int
) -> None:
    metres = metres_between(
        latitude=one[0], longitude=one[1], other_latitude=other[0], other_longitude=other[1]
    )

    assert round(metres / 1000) == kilometres


def test_the_nearest_come_first_and_equal_ones_by_id() -> None:
    places = drawn(
        places=[
            a_place(5, latitude=30.0),
            a_place(9, latitude=30.2),
            a_place(3, latitude=30.1),
            a_place(2, latitude=30.1),
        ],
        version=1,
    )

    near = places.nearest(latitude=30.1, longitude=120.0, limit=3)

    assert near == [
        Near(location_id=2, distance_metres=0),
        Near(location_id=3, distance_metres=0),
        Near(location_id=5, distance_metres=11_120),
    ]


def test_of_places_within_the_same_metre_the_lower_ids_are_chosen() -> None:
    places = drawn(
        places=[a_place(number, latitude=30 + (100 - number) * 1e-8) for number in range(1, 101)],
        version=1,
    )

    near = places.nearest(latitude=30.0, longitude=120.0, limit=3)

    assert [each.location_id for each in near] == [1, 2, 3]


@pytest.mark.parametrize(
    ("capability", "expected"),
    [(None, [1, 2, 3]), ("ship", [1]), ("pickup", [2]), ("courier", [3]), ("returns", [])],
)
def test_only_places_in_work_that_can_are_near(
    capability: Capability | None, expected: list[int]
) -> None:
    nothing = {"can_ship": False, "can_pickup": False, "can_courier": False}
    places = drawn(
        places=[
            a_place(1, **{**nothing, "can_ship": True}),
            a_place(2, **{**nothing, "can_pickup": True}),
            a_place(3, **{**nothing, "can_courier": True}),
            a_place(4, is_open=False),
        ],
        version=1,
    )

    near = places.nearest(latitude=30.0, longitude=120.0, limit=10, capability=capability)

    assert [each.location_id for each in near] == expected


def test_a_place_serves_within_its_radius_only() -> None:
    places = drawn(
        places=[
            a_place(1, latitude=30.1, can_courier=True, serves_radius_metres=11_119),
            a_place(2, latitude=30.1, can_courier=True, serves_radius_metres=11_120),
        ],
        version=1,
    )

    couriers = places.nearest(latitude=30.0, longitude=120.0, limit=9, capability="courier")
    pickups = places.nearest(latitude=30.0, longitude=120.0, limit=9, capability="pickup")

    assert [each.location_id for each in couriers] == [2]
    assert [each.location_id for each in pickups] == [1, 2]


def test_an_empty_map_has_nothing_near() -> None:
    places = drawn(places=[], version=0)

    assert places.nearest(latitude=30.0, longitude=120.0, limit=3) == []
    assert places.positions_of(location_ids=[1, 2]).tolist() == [-1, -1]
    assert places.open_at(at=datetime(2026, 11, 11, tzinfo=UTC)).tolist() == []


def test_positions_of_known_and_unknown_places() -> None:
    places = drawn(places=[a_place(5), a_place(2), a_place(9)], version=1)

    assert places.ids.tolist() == [2, 5, 9]
    assert places.positions_of(location_ids=[9, 1, 5, 10]).tolist() == [2, -1, 1, -1]
    assert places.id_by_code == {"L2": 2, "L5": 5, "L9": 9}


def test_what_is_not_limited_has_its_number() -> None:
    places = drawn(places=[a_place(1)], version=1)

    assert places.daily_capacities.tolist() == [UNLIMITED]
    assert places.brand_ids.tolist() == [0]
    assert places.dealer_ids.tolist() == [7]


def test_the_arrays_cannot_be_written() -> None:
    places = drawn(places=[a_place(1)], version=1)

    for name in ("ids", "latitudes", "vectors", "capabilities", "is_open", "accept_rates_ppm"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(places, name)[0] = 0


def test_places_in_work_and_inside_their_hours_are_open() -> None:
    evenings = {"wed": (("18:00", "22:00"),)}
    places = drawn(
        places=[
            a_place(1),
            replace(a_place(2), hours=evenings),
            replace(a_place(3), hours=evenings, timezone="America/Sao_Paulo"),
            a_place(4, is_open=False),
        ],
        version=1,
    )

    within = places.open_at(at=datetime(2026, 11, 11, 10, 30, tzinfo=UTC))  # 18:30 in Shanghai

    assert within.tolist() == [True, True, False, False]
    assert len(places.schedules) == 3


points = st.tuples(
    st.floats(-90, 90, allow_nan=False).map(lambda degrees: round(degrees, 6)),
    st.floats(-180, 180, allow_nan=False).map(lambda degrees: round(degrees, 6)),
)


@given(one=points, other=points)
def test_distances_agree_with_the_haversine(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    metres = metres_between(
        latitude=one[0], longitude=one[1], other_latitude=other[0], other_longitude=other[1]
    )

    # Near the antipodes the haversine itself is only good to half a metre or so.
    assert metres == pytest.approx(haversine(one, other), abs=1)


@settings(max_examples=60)
@given(
    where=st.lists(points, min_size=1, max_size=60),
    target=points,
    limit=st.integers(1, 70),
    copies=st.sampled_from([1, 2]),
)
def test_the_nearest_are_those_of_a_full_sort(
    where: list[tuple[float, float]], target: tuple[float, float], limit: int, copies: int
) -> None:
    where = where * copies
    places = drawn(
        places=[
            a_place(number, latitude=point[0], longitude=point[1])
            for number, point in enumerate(where, start=1)
        ],
        version=1,
    )

    near = places.nearest(latitude=target[0], longitude=target[1], limit=limit)

    metres = places.distances_metres(latitude=target[0], longitude=target[1])
    every = sorted(zip(metres.tolist(), places.ids.tolist(), strict=True))[:limit]
    assert [(each.distance_metres, each.location_id) for each in near] == every


def test_a_map_of_many_places_finds_exactly_the_nearest() -> None:
    chance = np.random.default_rng(7)
    places = drawn(
        places=[
            a_place(number, latitude=latitude, longitude=longitude)
            for number, (latitude, longitude) in enumerate(
                zip(chance.uniform(18, 50, 5_000), chance.uniform(75, 130, 5_000), strict=True),
                start=1,
            )
        ],
        version=1,
    )

    near = places.nearest(latitude=31.2, longitude=121.5, limit=12)

    metres = places.distances_metres(latitude=31.2, longitude=121.5)
    assert [each.distance_metres for each in near] == sorted(metres.tolist())[:12]
