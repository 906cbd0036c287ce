"""A decision as a screen compares it: candidates side by side, and drawn where they are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from santong.console.rules import bars, maps
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stores import public as stores

WIDTH, HEIGHT = 720, 420
LABELS_MAX = 8
# Two names this close would lie upon one another.
LABEL_WIDTH, LABEL_HEIGHT = 150, 16
PIN_WIDTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One candidate: what it would send, what that costs, or why it may not."""

    place: stores.Location | None
    location_id: int
    distance_metres: int | None
    is_chosen: bool
    quote: routing.Quote
    cost_by_part: dict[str, int]
    segments: list[bars.Segment]
    total_milli: int
    units_sent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A place on the drawing."""

    x: float
    y: float
    name: str
    kind: str
    is_labelled: bool
    is_left: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMap:
    """The drawing of one decision."""

    width: int
    height: int
    ground: list[tuple[float, float]]
    marks: list[Mark]
    buyer: tuple[float, float] | None
    lines: list[tuple[float, float, int]]
    scale_km: int
    scale_pixels: float


def compared(
    *, decision: routing.Decision, place_by_id: Mapping[int, stores.Location]
) -> list[Compared]:
    """Every candidate: the chosen first, then the cheapest, the refused at the end."""
    distance_by_id = {
        candidate.location_id: candidate.distance_metres
        for candidate in decision.sourcing.candidates
    }
    parcel_by_id = {parcel.location_id: parcel for parcel in decision.choice.parcels}
    costs = {quote.location_id: quote.cost.as_json() for quote in decision.choice.quotes}
    longest = max((bars.positive_total(cost) for cost in costs.values()), default=0)
    rows = [
        Compared(
            place=place_by_id.get(quote.location_id),
            location_id=quote.location_id,
            distance_metres=distance_by_id.get(quote.location_id),
            is_chosen=quote.location_id in parcel_by_id,
            quote=quote,
            cost_by_part=costs[quote.location_id],
            segments=bars.segments(costs[quote.location_id], longest_milli=longest),
            total_milli=quote.cost.total_milli,
            units_sent=_units_sent(parcel_by_id.get(quote.location_id)),
        )
        for quote in decision.choice.quotes
    ]
    return sorted(
        rows,
        key=lambda row: (
            not row.is_chosen,
            row.quote.refusal is not None,
            not row.quote.is_whole,
            row.total_milli,
        ),
    )


def used_parts(rows: list[Compared]) -> list[str]:
    """The cost parts in which any candidate differs from nothing, in their usual order."""
    return [
        part
        for part in routing.COST_PARTS
        if any(row.cost_by_part[part] for row in rows if row.quote.refusal is None)
    ]


def route_map(
    *, order: orders.Order, rows: list[Compared], everywhere: stores.LocationMap
) -> RouteMap:
    """Where the buyer is, who was asked, who sends; all places of the merchant as ground."""
    buyer = _buyer(order)
    located = [(row, (row.place.latitude, row.place.longitude)) for row in rows if row.place]
    around = [point for _, point in located] + ([buyer] if buyer else [])
    drawing = maps.drawing_around(around, width=WIDTH, height=HEIGHT)
    ground = [
        drawing.place(point)
        for point in zip(
            map(math.degrees, everywhere.latitudes.tolist()),
            map(math.degrees, everywhere.longitudes.tolist()),
            strict=True,
        )
        if drawing.shows(point)
    ]
    kilometres, pixels = maps.scale_bar(drawing)
    return RouteMap(
        width=WIDTH,
        height=HEIGHT,
        ground=maps.thinned(ground),
        marks=_marks(located, drawing, buyer=drawing.place(buyer) if buyer else None),
        buyer=drawing.place(buyer) if buyer else None,
        lines=[
            (*drawing.place(point), row.distance_metres or 0)
            for row, point in located
            if row.is_chosen and buyer
        ],
        scale_km=kilometres,
        scale_pixels=pixels,
    )


def _buyer(order: orders.Order) -> maps.Point | None:
    """Where the goods go: the point that came with the order, else the middle of its district."""
    if order.mode != "ship":
        return None
    if order.latitude is not None and order.longitude is not None:
        return order.latitude, order.longitude
    found = stores.place_of(
        country=order.country, province=order.province, city=order.city, district=order.district
    )
    return (found.latitude, found.longitude) if found else None


def _marks(
    located: list[tuple[Compared, tuple[float, float]]],
    drawing: maps.Drawing,
    *,
    buyer: tuple[float, float] | None,
) -> list[Mark]:
    """Names only where they do not lie upon one another; the chosen place always has its name."""
    marks: list[Mark] = []
    labelled: list[tuple[float, float]] = []
    for row, point in located:
        x, y = drawing.place(point)
        is_free = all(
            abs(y - other_y) > LABEL_HEIGHT or abs(x - other_x) > LABEL_WIDTH
            for other_x, other_y in labelled
        )
        is_labelled = row.is_chosen or (is_free and len(labelled) < LABELS_MAX)
        if is_labelled:
            labelled.append((x, y))
        kind = "chosen" if row.is_chosen else "refused" if row.quote.refusal else "candidate"
        marks.append(
            Mark(
                x=x,
                y=y,
                name=row.place.name if row.place else "",
                kind=kind,
                is_labelled=is_labelled,
                is_left=_leans_left(x, y, buyer),
            )
        )
    return marks[::-1]


def _leans_left(x: float, y: float, buyer: tuple[float, float] | None) -> bool:
    """Names turn away from the buyer's pin, and from the right edge."""
    if (
        buyer is not None
        and abs(buyer[1] - y) < 2 * LABEL_HEIGHT
        and -PIN_WIDTH < buyer[0] - x < LABEL_WIDTH
    ):
        return x > LABEL_WIDTH
    return x > WIDTH - LABEL_WIDTH


def _units_sent(parcel: routing.PlannedParcel | None) -> int:
    return sum(portion.quantity for portion in parcel.portions) if parcel else 0
