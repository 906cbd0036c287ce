"""Points of the earth on a plain drawing: no tiles, no outlines, north up.

Longitude shrinks with the cosine of the middle latitude, so that near the middle a kilometre is as
long to the east as to the north.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]  # latitude, longitude

# Two places in one street must not be drawn a continent apart.
SMALLEST_DEGREES: Final = 0.4
MARGIN: Final = 0.14


@dataclass(frozen=True, slots=True)
class Drawing:
    """A window on the earth of so many pixels."""

    width: int
    height: int
    north: float
    west: float
    pixels_per_degree: float
    shrink: float

    def place(self, point: Point) -> tuple[float, float]:
        """Where a point lies, from the upper left corner, to a tenth of a pixel."""
        latitude, longitude = point
        x = (longitude - self.west) * self.shrink * self.pixels_per_degree
        y = (self.north - latitude) * self.pixels_per_degree
        return round(x, 1), round(y, 1)

    def shows(self, point: Point) -> bool:
        """Whether a point lies inside."""
        x, y = self.place(point)
        return 0 <= x <= self.width and 0 <= y <= self.height

    def kilometres(self, pixels: float) -> float:
        """How far a stretch of pixels is."""
        return pixels / self.pixels_per_degree * 111.2


def drawing_around(
    points: Sequence[Point],
    *,
    width: int,
    height: int,
    smallest_degrees: float = SMALLEST_DEGREES,
) -> Drawing:
    """The smallest window that shows all of these points with a margin."""
    latitudes = [point[0] for point in points] or [0.0]
    longitudes = [point[1] for point in points] or [0.0]
    middle = (min(latitudes) + max(latitudes)) / 2, (min(longitudes) + max(longitudes)) / 2
    shrink = max(math.cos(math.radians(middle[0])), 0.1)
    tall = max(max(latitudes) - min(latitudes), smallest_degrees)
    wide = max((max(longitudes) - min(longitudes)) * shrink, smallest_degrees)
    scale = (1 - 2 * MARGIN) * min(width / wide, height / tall)
    return Drawing(
        width=width,
        height=height,
        north=middle[0] + height / scale / 2,
        west=middle[1] - width / scale / 2 / shrink,
        pixels_per_degree=scale,
        shrink=shrink,
    )


def scale_bar(drawing: Drawing, *, longest_pixels: int = 120) -> tuple[int, float]:
    """The largest round number of kilometres that fits, and how many pixels it takes."""
    fits = drawing.kilometres(longest_pixels)
    size = 10 ** math.floor(math.log10(fits)) if fits > 0 else 1
    kilometres = max((step * size for step in (1, 2, 5) if step * size <= fits), default=size)
    return max(round(kilometres), 1), round(kilometres / 111.2 * drawing.pixels_per_degree, 1)


def thinned(
    points: Iterable[tuple[float, float]], *, cell_pixels: int = 5
) -> list[tuple[float, float]]:
    """One point for each small square, so that thousands of places draw as fast as hundreds."""
    kept: dict[tuple[int, int], tuple[float, float]] = {}
    for x, y in points:
        kept.setdefault((int(x // cell_pixels), int(y // cell_pixels)), (x, y))
    return list(kept.values())
