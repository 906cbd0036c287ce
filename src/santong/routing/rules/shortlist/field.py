"""The field of places as one order sees it: who may send, how far, at what cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from santong.routing.contracts import SourcingInput
from santong.routing.rules.costs import moving_parts, unit_parts
from santong.routing.rules.needs import Need
from santong.routing.rules.shortlist.columns import Column, Flags, Places, ShelfColumn, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Places as rows. `offered` is, for each row of a need's shelf, what may be sent from there."""

    sourcing: SourcingInput
    places: Places
    standing: Standing
    distance_metres: Column
    arrives_in_minutes: Column
    is_eligible: Flags
    needs: Sequence[Need]
    shelves: Sequence[ShelfColumn]
    offered: Sequence[Column]
    totals: Sequence[int]

    def parcel_cost(self) -> Column:
        """What a parcel costs before anything is in it, for each place."""
        distance, lateness = moving_parts(
            distance_metres=self.distance_metres,
            arrives_in_minutes=self.arrives_in_minutes,
            promised_in_minutes=self.sourcing.promised_in_minutes,
            tariff=self.sourcing.tariff,
        )
        return self.standing.parcel_milli + distance + lateness

    def unit_cost(self, need: int) -> Column:
        """What one unit costs, for each row of the need's shelf."""
        shelf, asked, standing = self.shelves[need], self.needs[need], self.standing
        parts = unit_parts(
            distance_metres=self.distance_metres[shelf.rows],
            unit_handling_milli=self.places.unit_handling_milli[shelf.rows],
            missed_milli=standing.missed_milli[shelf.rows],
            is_cross_owner=standing.is_cross_owner[shelf.rows],
            price_milli=shelf.price_milli,
            found_ppm=shelf.found_ppm,
            markdown_milli=shelf.markdown_milli,
            weight_grams=asked.weight_grams,
            value_minor=asked.value_minor,
            tariff=self.sourcing.tariff,
        )
        cost = parts[0] + parts[1]
        for part in parts[2:]:
            cost += part
        return cost

    def senders(self, need: int) -> tuple[Column, Column]:
        """The places that can send the whole need, and what that costs from each."""
        quantity = self.needs[need].quantity
        enough = np.flatnonzero(self.offered[need] >= quantity)
        cost = self.unit_cost(need)[enough]
        return self.shelves[need].rows[enough], cost * quantity if quantity > 1 else cost

    def fillable(self) -> Self:
        """The same field, asking of each need what there is, and nothing that nobody has."""
        if all(total >= need.quantity for total, need in zip(self.totals, self.needs, strict=True)):
            return self
        held = [need for need, total in enumerate(self.totals) if total]
        return replace(
            self,
            needs=[
                replace(
                    self.needs[need], quantity=min(self.needs[need].quantity, self.totals[need])
                )
                for need in held
            ],
            shelves=[self.shelves[need] for need in held],
            offered=[self.offered[need] for need in held],
            totals=[self.totals[need] for need in held],
        )

    def within(self, tier: int) -> Self:
        """The same field with the places of this tier and those before it."""
        is_eligible = self.is_eligible & (self.places.tiers <= tier)
        offered = offered_by(shelves=self.shelves, is_eligible=is_eligible)
        return replace(
            self, is_eligible=is_eligible, offered=offered, totals=totals_of(offered=offered)
        )


def offered_by(*, shelves: Sequence[ShelfColumn], is_eligible: Flags) -> list[Column]:
    """What places that may send hold, for each row of each shelf."""
    return [shelf.atp * is_eligible[shelf.rows] for shelf in shelves]


def totals_of(*, offered: Sequence[Column]) -> list[int]:
    """What all of them together may send of each need."""
    return [int(units.sum()) for units in offered]
