from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from santong.simulation.rules.drawing import charts, maps, svg
from santong.simulation.rules.drawing.charts import Bar, Curve
from santong.simulation.rules.drawing.maps import BRAZIL, Route
from santong.simulation.rules.olist.tables import Point

numbers = st.floats(-1e6, 1e6, allow_nan=False)


def drawn(picture: str) -> ET.Element:
    return ET.fromstring(picture)  # noqa: S314  (the picture is our own)


def words_of(picture: str) -> list[str]:
    return [element.text or "" for element in drawn(picture).iter() if element.tag.endswith("text")]


@given(low=numbers, span=st.floats(1e-3, 1e6))
def test_ticks_are_few_round_and_evenly_spread(low: float, span: float) -> None:
    values = svg.ticks(low=low, high=low + span)

    gaps = {round(later - earlier, 6) for earlier, later in pairwise(values)}
    assert 1 <= len(values) <= 7
    assert all(low - span * 1e-6 <= value <= low + span * (1 + 1e-6) for value in values)
    assert max(gaps, default=0) - min(gaps, default=0) <= span * 1e-3


def test_a_scale_keeps_proportions() -> None:
    scale = svg.Scale(10, 20, 0, 100)

    assert (scale(10), scale(15), scale(20)) == (0, 50, 100)


def test_words_cannot_break_out_of_a_picture() -> None:
    row = Bar(label="<script>&'\"", value=1, words="</svg>")

    picture = charts.bars(rows=[row], label='"><script>')

    assert words_of(picture) == ["<script>&'\"", "</svg>"]
    assert "<script>" not in picture


def test_bars_are_as_long_as_their_values() -> None:
    rows = [Bar("a", 10, "10"), Bar("b", 5, "5"), Bar("c", 0, "0")]

    bars = [
        float(rect.get("width", "0"))
        for rect in drawn(charts.bars(rows=rows, label="")).iter()
        if rect.tag.endswith("rect")
    ]

    assert bars[0] == 2 * bars[1]
    assert bars[2] == 1


def test_shares_rise_from_nothing_to_all() -> None:
    curve = Curve("distances", np.array([100.0, 200.0, 300.0]), "#000")

    picture = charts.shares_below(curves=[curve], high=300, unit="km", label="")

    assert "distances" in words_of(picture)
    assert {"0%", "100%", "km"} <= set(words_of(picture))


def test_what_lies_beyond_a_histogram_is_shown_at_its_end() -> None:
    curve = Curve("errors", np.array([-500, 0, 0, 500]), "#000")

    picture = charts.histogram(curves=[curve], low=-2, high=2, unit="days", label="")

    assert {"-2", "0", "2"} <= set(words_of(picture))


def test_a_line_that_never_moves_can_be_drawn() -> None:
    picture = charts.line_over(
        names=["a", "b"], values=[1.0, 1.0], words=lambda value: f"{value:.1f}", label=""
    )

    assert words_of(picture)[-1] == ""


def test_a_map_shows_places_and_routes_where_they_are() -> None:
    south, north = Point(latitude=-30, longitude=-50), Point(latitude=-5, longitude=-40)

    picture = maps.route_map(
        frame=BRAZIL,
        land=[south, north],
        stores=[south],
        warehouses=[north],
        routes=[Route(start=south, end=north, is_from_warehouse=False)],
        label="map",
    )

    (x_south, y_south), (x_north, y_north) = BRAZIL.at(south), BRAZIL.at(north)
    assert y_north < y_south
    assert x_south < x_north
    assert f"M{x_south:.1f} {y_south:.1f}Q" in picture
