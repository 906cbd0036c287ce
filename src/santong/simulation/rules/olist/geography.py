"""One point for each postal prefix, from points that a crowd made."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from santong.simulation.rules.olist.tables import Address, Point, RawPoint
from santong.simulation.rules.places import metres_between
from santong.simulation.rules.published.tally import Reason, Remark, Tally

# Brazil with its islands, Fernando de Noronha and Trindade.
SOUTH, NORTH = -33.76, 5.28
WEST, EAST = -73.99, -28.84
# Three digits name a region. In the Amazon one is 750 km wide; nowhere wider.
FAR_FROM_REGION_METRES = 800_000
REGION_DIGITS = 3
REGION_MEMBERS_MIN = 5  # fewer have no middle to be far from


def is_in_brazil(point: Point) -> bool:
    """Whether a point lies in the box around Brazil."""
    return SOUTH <= point.latitude <= NORTH and WEST <= point.longitude <= EAST


def middle(points: Sequence[Point]) -> Point:
    """The middle of some points, which no single wild one can move far."""
    return Point(
        latitude=median(point.latitude for point in points),
        longitude=median(point.longitude for point in points),
    )


def point_by_prefix(
    *,
    published: Iterable[RawPoint],
    raw: Iterable[RawPoint],
    addresses: Iterable[Address],
    published_file: str,
    raw_file: str,
    tally: Tally,
) -> dict[str, Point]:
    """A point for every prefix: published, else from raw points, else of its city or region.

    `addresses` are those that must be placed; only for them a city or region stands in.
    """
    points = _published_points(published, file=published_file, tally=tally)
    _drop_far_points(points, tally=tally)
    raws = _raw_points(raw, file=raw_file, tally=tally)
    for prefix in raws.keys() - points.keys():
        points[prefix] = _Placed(middle(raws[prefix].points), raws[prefix].city)
        tally.remarks[Remark.POINT_FROM_RAW] += 1
    _drop_far_points(points, tally=tally)
    _fill_from_neighbours(points, addresses=addresses, tally=tally)
    return {prefix: placed.point for prefix, placed in points.items()}


class _Placed:
    __slots__ = ("city", "point")

    def __init__(self, point: Point, city: str) -> None:
        self.point = point
        self.city = city


class _Cloud:
    __slots__ = ("city", "points")

    def __init__(self, city: str) -> None:
        self.points: list[Point] = []
        self.city = city


def _published_points(
    published: Iterable[RawPoint], *, file: str, tally: Tally
) -> dict[str, _Placed]:
    points: dict[str, _Placed] = {}
    for row in published:
        if row.prefix in points:
            tally.put_aside(
                file=file,
                line=row.line,
                field="geolocation_zip_code_prefix",
                reason=Reason.DUPLICATE,
            )
        elif not is_in_brazil(row.point):
            tally.put_aside(
                file=file, line=row.line, field="geolocation_lat", reason=Reason.OUTSIDE_BRAZIL
            )
        else:
            points[row.prefix] = _Placed(row.point, _city_key(row.city, row.state))
    return points


def _raw_points(raw: Iterable[RawPoint], *, file: str, tally: Tally) -> dict[str, _Cloud]:
    clouds: dict[str, _Cloud] = {}
    for row in raw:
        if not is_in_brazil(row.point):
            tally.put_aside(
                file=file, line=row.line, field="geolocation_lat", reason=Reason.OUTSIDE_BRAZIL
            )
            continue
        if row.prefix not in clouds:
            clouds[row.prefix] = _Cloud(_city_key(row.city, row.state))
        clouds[row.prefix].points.append(row.point)
    return clouds


def _drop_far_points(points: dict[str, _Placed], *, tally: Tally) -> None:
    middles = _middle_by_region(points)
    for prefix in [prefix for prefix in points if _is_far(prefix, points, middles)]:
        del points[prefix]
        tally.remarks[Remark.FAR_FROM_REGION] += 1


def _is_far(
    prefix: str, points: Mapping[str, _Placed], middle_by_region: Mapping[str, Point]
) -> bool:
    region = middle_by_region.get(prefix[:REGION_DIGITS])
    if region is None:
        return False
    point = points[prefix].point
    return (
        metres_between(
            latitude=point.latitude,
            longitude=point.longitude,
            other_latitude=region.latitude,
            other_longitude=region.longitude,
        )
        > FAR_FROM_REGION_METRES
    )


def _fill_from_neighbours(
    points: dict[str, _Placed], *, addresses: Iterable[Address], tally: Tally
) -> None:
    homeless = {address.prefix: address for address in addresses if address.prefix not in points}
    if not homeless:
        return
    by_city: defaultdict[str, list[Point]] = defaultdict(list)
    for placed in points.values():
        by_city[placed.city].append(placed.point)
    middle_by_region = _middle_by_region(points)
    for prefix, address in sorted(homeless.items()):
        city = _city_key(address.city, address.state)
        region = middle_by_region.get(prefix[:REGION_DIGITS])
        if by_city.get(city):
            points[prefix] = _Placed(middle(by_city[city]), city)
            tally.remarks[Remark.PLACE_FROM_CITY] += 1
        elif region is not None:
            points[prefix] = _Placed(region, city)
            tally.remarks[Remark.PLACE_FROM_REGION] += 1


def _middle_by_region(points: Mapping[str, _Placed]) -> dict[str, Point]:
    members: defaultdict[str, list[Point]] = defaultdict(list)
    for prefix, placed in points.items():
        members[prefix[:REGION_DIGITS]].append(placed.point)
    return {
        region: middle(near) for region, near in members.items() if len(near) >= REGION_MEMBERS_MIN
    }


def _city_key(city: str, state: str) -> str:
    """`São Paulo` and `sao paulo` are one city; two states may have a city of the same name."""
    plain = unicodedata.normalize("NFKD", city).encode("ascii", "ignore").decode()
    return f"{plain.lower().strip()}|{state}"
