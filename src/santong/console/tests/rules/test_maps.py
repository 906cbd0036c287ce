"""Points on a plain drawing."""

from __future__ import annotations

import pytest

from santong.console.rules import maps

SHANGHAI, HANGZHOU, BEIJING = (31.23, 121.47), (30.27, 120.16), (39.90, 116.40)


@pytest.mark.parametrize(
    "points", [[SHANGHAI], [SHANGHAI, SHANGHAI], [SHANGHAI, HANGZHOU, BEIJING], []]
)
def test_all_points_are_inside(points: list[maps.Point]) -> None:
    drawing = maps.drawing_around(points, width=720, height=420)

    assert all(drawing.shows(point) for point in points)


def test_north_is_up_and_east_is_right() -> None:
    drawing = maps.drawing_around([SHANGHAI, BEIJING], width=720, height=420)

    shanghai, beijing = drawing.place(SHANGHAI), drawing.place(BEIJING)

    assert beijing[1] < shanghai[1]
    assert beijing[0] < shanghai[0]


def test_the_bar_is_a_round_number_of_kilometres() -> None:
    drawing = maps.drawing_around([SHANGHAI, BEIJING], width=720, height=420)

    kilometres, pixels = maps.scale_bar(drawing)

    assert kilometres in {1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000}
    assert drawing.kilometres(pixels) == pytest.approx(kilometres, rel=0.01)


def test_places_in_one_spot_are_drawn_once() -> None:
    assert len(maps.thinned([(1, 1), (2, 2), (40, 40)])) == 2
