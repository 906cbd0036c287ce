"""Rows of the field as candidates, in plain integers."""

from collections.abc import Sequence

import numpy as np

from santong.routing.contracts import Candidate, Shelf
from santong.routing.rules.shortlist.columns import NO_LIMIT, Column, Flags
from santong.routing.rules.shortlist.field import Field


def candidates_of(*, field: Field, rows: Sequence[int]) -> tuple[Candidate, ...]:
    """The candidates at these rows, with what each holds of every need."""
    at = np.asarray(rows, dtype=np.int64)
    places = field.places

    def numbers(column: Column) -> list[int]:
        return [int(value) for value in column[at].tolist()]

    def flags(column: Flags) -> list[bool]:
        return [bool(value) for value in column[at].tolist()]

    return tuple(
        Candidate(
            location_id=location_id,
            shelves=shelves,
            distance_metres=distance,
            arrives_in_minutes=arrives,
            parcel_cost_milli=parcel_cost,
            handling_cost_milli=handling_cost,
            unit_handling_milli=unit_handling,
            accept_ppm=accept,
            capacity_left=capacity if capacity < NO_LIMIT else None,
            recent_load=load,
            tier=tier,
            is_open=is_open,
            is_capable=is_capable,
            has_consent=has_consent,
            is_cross_owner=is_cross_owner,
        )
        for (
            location_id,
            shelves,
            distance,
            arrives,
            parcel_cost,
            handling_cost,
            unit_handling,
            accept,
            capacity,
            load,
            tier,
            is_open,
            is_capable,
            has_consent,
            is_cross_owner,
        ) in zip(
            numbers(places.location_ids),
            _shelves_at(field, at),
            numbers(field.distance_metres),
            numbers(field.arrives_in_minutes),
            numbers(places.parcel_cost_milli),
            numbers(places.handling_cost_milli),
            numbers(places.unit_handling_milli),
            numbers(places.accept_ppm),
            numbers(places.capacity_left),
            numbers(places.recent_load),
            numbers(places.tiers),
            flags(places.is_open),
            flags(places.is_capable),
            flags(places.has_consent),
            flags(places.is_cross_owner),
            strict=True,
        )
    )


def _shelves_at(field: Field, at: Column) -> list[tuple[Shelf, ...]]:
    shelves: list[list[Shelf]] = [[] for _ in at]
    for need, shelf in zip(field.needs, field.shelves, strict=True):
        if not len(shelf.rows):
            continue
        positions = np.searchsorted(shelf.rows, at)
        positions[positions == len(shelf.rows)] = 0
        for kept, position in enumerate(positions.tolist()):
            if shelf.rows[position] == at[kept]:
                shelves[kept].append(
                    Shelf(
                        sku_id=need.sku_id,
                        atp=int(shelf.atp[position]),
                        price_milli=int(shelf.price_milli[position]),
                        found_ppm=int(shelf.found_ppm[position]),
                        markdown_milli=int(shelf.markdown_milli[position]),
                        age_days=int(shelf.age_days[position]),
                    )
                )
    return [tuple(held) for held in shelves]
