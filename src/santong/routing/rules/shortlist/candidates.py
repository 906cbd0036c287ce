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
        return _plain(column, at)

    def flags(column: Flags) -> list[bool]:
        plain: list[bool] = column[at].tolist()
        return plain

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
    shelves: list[list[Shelf]] = [[] for _ in range(len(at))]
    for need, shelf in zip(field.needs, field.shelves, strict=True):
        if not len(shelf.rows):
            continue
        positions = np.minimum(np.searchsorted(shelf.rows, at), len(shelf.rows) - 1)
        holds = np.flatnonzero(shelf.rows[positions] == at)
        on_shelf = positions[holds]
        facts = zip(
            _plain(shelf.atp, on_shelf),
            _plain(shelf.price_milli, on_shelf),
            _plain(shelf.found_ppm, on_shelf),
            _plain(shelf.markdown_milli, on_shelf),
            _plain(shelf.age_days, on_shelf),
            strict=True,
        )
        for kept, (atp, price, found, markdown, age) in zip(
            _plain(np.arange(len(at)), holds), facts, strict=True
        ):
            shelves[kept].append(
                Shelf(
                    sku_id=need.sku_id,
                    atp=atp,
                    price_milli=price,
                    found_ppm=found,
                    markdown_milli=markdown,
                    age_days=age,
                )
            )
    return [tuple(held) for held in shelves]


def _plain(column: Column, at: Column) -> list[int]:
    plain: list[int] = column[at].tolist()
    return plain
