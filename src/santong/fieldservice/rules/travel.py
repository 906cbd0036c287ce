"""How long the way takes: great-circle distance, a detour, a speed and a fixed part, in integers.

Another matrix (of a map service, say) is a function of the same shape: the setting
`SANTONG_TRAVEL_MATRIX` names it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

from santong.fieldservice.contracts import Point, Speed

EARTH_RADIUS_METRES: Final = 6_371_008

# Minutes from each of the first points to each of the second.
Matrix = Callable[[Sequence[Point], Sequence[Point], Speed], list[list[int]]]


def metres_between(one: Point, other: Point) -> int:
    """The way of the crow, to the metre (haversine)."""
    south, north = math.radians(one.latitude), math.radians(other.latitude)
    east = math.radians(other.longitude - one.longitude)
    chord = (
        math.sin((north - south) / 2) ** 2
        + math.cos(south) * math.cos(north) * math.sin(east / 2) ** 2
    )
    return round(2 * EARTH_RADIUS_METRES * math.asin(min(1.0, math.sqrt(chord))))


def travel_minutes(one: Point, other: Point, speed: Speed) -> int:
    """Whole minutes, rounded up; nothing where nobody has to move."""
    metres = metres_between(one, other)
    if not metres:
        return 0
    return -(-metres * speed.detour_percent // (100 * speed.metres_per_minute)) + (
        speed.fixed_minutes
    )


def great_circle_minutes(
    origins: Sequence[Point], targets: Sequence[Point], speed: Speed
) -> list[list[int]]:
    """The matrix that the product brings along."""
    return [[travel_minutes(one, other, speed) for other in targets] for one in origins]
