"""From all places of a merchant to the input of one decision."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from santong.routing.contracts import SourcingInput
from santong.routing.rules.needs import needs_of
from santong.routing.rules.problem import limits_of
from santong.routing.rules.search import by_lines
from santong.routing.rules.shortlist.blocks import cheapest_of_each_block
from santong.routing.rules.shortlist.candidates import candidates_of
from santong.routing.rules.shortlist.columns import Flags, Places, ShelfColumn
from santong.routing.rules.shortlist.coverage import best_covering
from santong.routing.rules.shortlist.field import Field, offered_by
from santong.routing.rules.shortlist.geometry import distances_metres
from santong.routing.rules.shortlist.refused import eligible_places, holding_stock

REFUSED_MAX = 2
EMPTY = ShelfColumn.plain(rows=[], atp=[])


def shortlist(
    *,
    sourcing: SourcingInput,
    places: Places,
    shelf_by_sku: Mapping[int, ShelfColumn],
    latitude: float,
    longitude: float,
    metres_per_minute: int,
) -> SourcingInput:
    """The question with its candidates: all that the best plan may need, and some to compare.

    With at most eight SKUs of which each fits some place, deciding over the shortlist is
    deciding over all places. Otherwise enough is kept that nothing with stock stays unfilled.
    """
    needs = needs_of(lines=sourcing.lines)
    shelves = [shelf_by_sku.get(need.sku_id, EMPTY) for need in needs]
    holds_stock = holding_stock(places=places, shelves=shelves)
    is_eligible, refused = eligible_places(
        sourcing=sourcing, places=places, holds_stock=holds_stock
    )
    distance = distances_metres(positions=places.positions, latitude=latitude, longitude=longitude)
    offered, enough = offered_by(needs=needs, shelves=shelves, is_eligible=is_eligible)
    field = Field(
        sourcing=sourcing,
        places=places,
        standing=places.standing(tariff=sourcing.tariff),
        distance_metres=distance,
        arrives_in_minutes=places.lead_minutes + distance // metres_per_minute,
        is_eligible=is_eligible,
        needs=needs,
        shelves=shelves,
        offered=offered,
        enough=enough,
    )
    rows = _competing(field.fillable()) | _nearest(field, is_eligible, 1)
    rows |= _nearest(field, holds_stock & ~is_eligible, REFUSED_MAX) | _only_refused(field)
    return replace(
        sourcing, candidates=candidates_of(field=field, rows=sorted(rows)), set_aside=refused
    )


def _competing(field: Field) -> set[int]:
    """The places that may win, within the first tiers that fill everything.

    Where the order may be split no further than a limit, later tiers may win as well.
    """
    limits = limits_of(
        limit=field.sourcing.limit,
        value_minor=sum(line.value_minor * line.quantity for line in field.sourcing.lines),
    )
    kept: set[int] = set()
    for within in _by_tiers(field):
        if not all(map(within.can_fill, range(len(field.needs)))):
            continue
        kept |= (
            cheapest_of_each_block(field=within) if _fits(within) else best_covering(field=within)
        )
        if limits.parcels_max is None:
            break
    return kept


def _by_tiers(field: Field) -> Iterator[Field]:
    for tier in field.places.tiers_known[:-1]:
        yield field.within(tier)
    yield field


def _fits(field: Field) -> bool:
    """Whether lines are few and each fits some place, so that blocks find the best plan."""
    return len(field.needs) <= by_lines.LINES_MAX and all(map(field.fits, range(len(field.needs))))


def _nearest(field: Field, among: Flags, count: int) -> set[int]:
    rows = np.flatnonzero(among)
    if count == 1 and len(rows):
        rows = rows[[field.distance_metres[rows].argmin()]]
    elif len(rows) > count:
        rows = rows[np.argpartition(field.distance_metres[rows], count)[:count]]
    return {int(row) for row in rows}


def _only_refused(field: Field) -> set[int]:
    """For each need that cannot be filled, the nearest refused place that holds some of it."""
    rows: set[int] = set()
    for need, shelf in enumerate(field.shelves):
        if not field.can_fill(need):
            refused = np.zeros(len(field.places), dtype=np.bool_)
            refused[shelf.rows] = True
            rows |= _nearest(field, refused & ~field.is_eligible, 1)
    return rows
