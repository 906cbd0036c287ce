"""Where somebody goes: cells of the h3 grid, made once from a polygon, a circle or a district."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from importlib import import_module
from typing import Any, Final

from santong.fieldservice.contracts import Point
from santong.fieldservice.rules.travel import metres_between

# It says nothing of its types.
h3: Any = import_module("h3")

# About 0.7 square kilometres: a street corner more or less, and a city in some thousand cells.
RESOLUTION: Final = 8
ROUGH_DIGITS: Final = 3
MOST_CELLS: Final = 50_000
MOST_CORNERS: Final = 500
FEWEST_CORNERS: Final = 3
LONGEST_RADIUS_METRES: Final = 100_000


def rough(point: Point) -> Point:
    """A point to about a hundred metres: enough for the way, and no household."""
    return Point(round(point.latitude, ROUGH_DIGITS), round(point.longitude, ROUGH_DIGITS))


def cell_of(point: Point) -> str:
    """The cell in which a point lies."""
    return str(h3.latlng_to_cell(point.latitude, point.longitude, RESOLUTION))


def cells_of_polygon(corners: Sequence[Point]) -> tuple[str, ...]:
    """The cells that a polygon touches. Raises ValueError."""
    if not FEWEST_CORNERS <= len(corners) <= MOST_CORNERS:
        raise ValueError(f"{FEWEST_CORNERS} to {MOST_CORNERS} corners")
    if max(metres_between(corners[0], each) for each in corners) > 2 * LONGEST_RADIUS_METRES:
        raise ValueError("a polygon within a city and its surroundings")
    shape = h3.LatLngPoly([(each.latitude, each.longitude) for each in corners])
    try:
        inside = {str(cell) for cell in h3.h3shape_to_cells(shape, RESOLUTION)}
    except h3.H3BaseException:  # at a pole, or around nothing
        raise ValueError("a polygon that encloses a part of a city") from None
    return _compact(inside | {cell_of(each) for each in corners})


def cells_of_circle(middle: Point, radius_metres: int) -> tuple[str, ...]:
    """The cells whose middle lies within a distance, and their own. Raises ValueError."""
    if not 0 < radius_metres <= LONGEST_RADIUS_METRES:
        raise ValueError(f"a radius of 1 to {LONGEST_RADIUS_METRES} metres")
    home = cell_of(middle)
    edge = h3.average_hexagon_edge_length(RESOLUTION, unit="m")
    rings = math.ceil(radius_metres / (edge * 1.5)) + 1
    try:
        around = [str(cell) for cell in h3.grid_disk(home, rings)]
    except h3.H3BaseException:
        raise ValueError("a circle around a part of a city") from None
    return _compact(
        {home}
        | {
            cell
            for cell in around
            if metres_between(middle, Point(*h3.cell_to_latlng(cell))) <= radius_metres
        }
    )


def covers(
    *, cells: Collection[str], districts: Collection[str], point: Point, district: str
) -> bool:
    """Whether a place belongs to a territory: by its cell, or by its district's name."""
    if district and district in districts:
        return True
    cell = cell_of(point)
    return any(
        (cell if size == RESOLUTION else h3.cell_to_parent(cell, size)) in cells
        for size in range(RESOLUTION + 1)
    )


def district_name(province: str, city: str, district: str) -> str:
    """How a district is named in a territory: as addresses name it."""
    parts = [part.strip() for part in (province, city, district)]
    if parts[0] == parts[1]:
        parts = parts[1:]
    return "/".join(filter(None, parts))


def _compact(cells: Collection[str]) -> tuple[str, ...]:
    if len(cells) > MOST_CELLS:
        raise ValueError("a smaller territory")
    return tuple(sorted(str(cell) for cell in h3.compact_cells(list(cells))))
