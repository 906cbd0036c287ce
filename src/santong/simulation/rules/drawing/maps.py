"""A map without tiles: the postal prefixes' own points show where the country is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

from santong.simulation.rules.drawing import svg
from santong.simulation.rules.drawing.charts import INK, OURS, PAPER, THEIRS
from santong.simulation.rules.drawing.svg import Scale
from santong.simulation.rules.olist.tables import Point

LAND, STORE = "#bcc7d2", "#64748b"
MARGIN = 10.0


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the earth that a map shows, to scale at its middle latitude."""

    south: float
    north: float
    west: float
    east: float
    width: float

    @property
    def height(self) -> float:
        middle = radians((self.south + self.north) / 2)
        degrees_east = (self.east - self.west) * cos(middle)
        return (self.width - 2 * MARGIN) * (self.north - self.south) / degrees_east + 2 * MARGIN

    def at(self, point: Point) -> tuple[float, float]:
        """Where a point lies in the picture."""
        x = Scale(self.west, self.east, MARGIN, self.width - MARGIN)
        y = Scale(self.south, self.north, self.height - MARGIN, MARGIN)
        return x(point.longitude), y(point.latitude)


@dataclass(frozen=True, slots=True)
class Route:
    """One parcel's way. A way from a warehouse is drawn in another colour."""

    start: Point
    end: Point
    is_from_warehouse: bool


BRAZIL = Frame(south=-33.9, north=3.4, west=-68.6, east=-34.4, width=520.0)


def route_map(
    *,
    frame: Frame,
    land: Sequence[Point],
    stores: Sequence[Point],
    warehouses: Sequence[Point],
    routes: Sequence[Route],
    label: str,
) -> str:
    """The country in dots, places on it, and a sample of parcels on their way."""
    return svg.picture(
        _dots(frame, land, radius=1.0, fill=LAND),
        _dots(frame, stores, radius=1.3, fill=STORE, fill_opacity=0.75),
        *(_way(frame, route) for route in routes),
        *(_warehouse(frame, point) for point in warehouses),
        width=frame.width,
        height=frame.height,
        label=label,
    )


def _dots(frame: Frame, points: Sequence[Point], *, radius: float, **attributes: svg.Value) -> str:
    """All dots of one kind in one path: a thousand elements would make a page heavy."""
    at = sorted({(round(x, 1), round(y, 1)) for x, y in (frame.at(point) for point in points)})
    moves = "".join(f"M{x:g} {y:g}h0" for x, y in at)
    colour = attributes.pop("fill")
    return svg.element(
        "path",
        d=moves,
        stroke=colour,
        stroke_width=2 * radius,
        stroke_linecap="round",
        fill="none",
        **{key.replace("fill_", "stroke_"): value for key, value in attributes.items()},
    )


def _way(frame: Frame, route: Route) -> str:
    x1, y1 = frame.at(route.start)
    x2, y2 = frame.at(route.end)
    bend = 0.14
    middle_x = (x1 + x2) / 2 - (y2 - y1) * bend
    middle_y = (y1 + y2) / 2 + (x2 - x1) * bend
    return svg.element(
        "path",
        d=f"M{x1:.1f} {y1:.1f}Q{middle_x:.1f} {middle_y:.1f} {x2:.1f} {y2:.1f}",
        fill="none",
        stroke=THEIRS if route.is_from_warehouse else OURS,
        stroke_width=1.0,
        stroke_opacity=0.5,
    )


def _warehouse(frame: Frame, point: Point) -> str:
    x, y = frame.at(point)
    return svg.element(
        "rect", x=x - 4, y=y - 4, width=8, height=8, fill=INK, stroke=PAPER, stroke_width=1.5
    )
