"""How far it is, and whose territory it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.fieldservice.contracts import Point, Speed
from santong.fieldservice.rules.territory import (
    cells_of_circle,
    cells_of_polygon,
    covers,
    district_name,
    rough,
)
from santong.fieldservice.rules.travel import (
    great_circle_minutes,
    metres_between,
    travel_minutes,
)

LAKE = Point(30.25, 120.15)
points = st.builds(Point, st.floats(30.0, 30.5), st.floats(120.0, 120.5))


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres_between(Point(30, 120), Point(31, 120)) == pytest.approx(111_195, abs=2)


def test_minutes_are_detour_speed_and_a_fixed_part_rounded_up() -> None:
    north = Point(LAKE.latitude + 0.01, LAKE.longitude)
    speed = Speed(detour_percent=150, metres_per_minute=500, fixed_minutes=4)

    assert metres_between(LAKE, north) == 1_112
    assert travel_minutes(LAKE, north, speed) == 8
    assert travel_minutes(LAKE, LAKE, speed) == 0


@given(one=points, other=points)
def test_there_is_as_far_as_back(one: Point, other: Point) -> None:
    speed = Speed()

    assert great_circle_minutes([one], [other], speed) == great_circle_minutes(
        [other], [one], speed
    )


@given(point=points, metres=st.integers(500, 20_000))
def test_a_circle_covers_what_is_well_within_it(point: Point, metres: int) -> None:
    cells = cells_of_circle(LAKE, metres)

    is_covered = covers(cells=set(cells), districts=(), point=point, district="")

    away = metres_between(LAKE, point)
    if away < metres - 600:
        assert is_covered
    if away > metres + 600:
        assert not is_covered


def test_a_polygon_covers_its_inside_and_its_corners() -> None:
    corners = [Point(30.2, 120.1), Point(30.3, 120.1), Point(30.3, 120.2), Point(30.2, 120.2)]

    cells = set(cells_of_polygon(corners))

    for inside in (LAKE, *corners):
        assert covers(cells=cells, districts=(), point=inside, district="")
    assert not covers(cells=cells, districts=(), point=Point(30.4, 120.15), district="")


def test_a_district_is_covered_by_its_name() -> None:
    name = district_name("浙江省", "杭州市", "西湖区")

    assert name == "浙江省/杭州市/西湖区"
    assert covers(cells=(), districts={name}, point=LAKE, district=name)
    assert district_name("上海市", "上海市", "徐汇区") == "上海市/徐汇区"


@pytest.mark.parametrize("metres", [0, -1, 100_001])
def test_a_radius_beyond_reason_is_refused(metres: int) -> None:
    with pytest.raises(ValueError, match="radius"):
        cells_of_circle(LAKE, metres)


def test_two_corners_are_no_polygon() -> None:
    with pytest.raises(ValueError, match="corners"):
        cells_of_polygon([LAKE, Point(30.3, 120.2)])


def test_a_polygon_over_half_a_country_is_refused() -> None:
    with pytest.raises(ValueError, match="city"):
        cells_of_polygon([LAKE, Point(40, 120), Point(30, 110)])


@pytest.mark.parametrize("corners", [[LAKE] * 3, [Point(90, 0), Point(90, 10), Point(90, 20)]])
def test_a_polygon_around_nothing_is_refused(corners: list[Point]) -> None:
    with pytest.raises(ValueError, match="encloses"):
        cells_of_polygon(corners)


@given(point=points)
def test_a_rough_point_is_about_a_hundred_metres_away(point: Point) -> None:
    assert metres_between(point, rough(point)) < 80
