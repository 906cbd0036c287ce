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
    """Places as rows, and for each need its shelf.

    `offered` is, for each row of a shelf, what may be sent from there, `enough` the positions on
    the shelf from which all of the need may be.
    """

    sourcing: SourcingInput
    places: Places
    standing: Standing
    distance_metres: Column
    arrives_in_minutes: Column
    is_eligible: Flags
    needs: Sequence[Need]
    shelves: Sequence[ShelfColumn]
    offered: Sequence[Column]
    enough: Sequence[Column]

    def fits(self, need: int) -> bool:
        """Whether some place has all of it."""
        return len(self.enough[need]) > 0

    def can_fill(self, need: int) -> bool:
        """Whether all places together have it."""
        return self.fits(need) or int(self.offered[need].sum()) >= self.needs[need].quantity

    def parcel_cost(self) -> Column:
        """What a parcel costs before anything is in it, for each place."""
        promised = self.sourcing.promised_in_minutes
        distance, lateness = moving_parts(
            distance_metres=self.distance_metres,
            late_minutes=np.zeros(1, dtype=np.int64)
            if promised is None
            else np.maximum(self.arrives_in_minutes - promised, 0),
            tariff=self.sourcing.tariff,
        )
        distance += self.standing.parcel_milli
        distance += lateness
        return distance

    def unit_cost(self, need: int) -> Column:
        """What one unit costs, for each row of the need's shelf."""
        shelf, asked, standing = self.shelves[need], self.needs[need], self.standing
        parts = unit_parts(
            distance_metres=self.distance_metres.take(shelf.rows),
            unit_handling_milli=self.places.unit_handling_milli.take(shelf.rows),
            missed_milli=standing.missed_milli.take(shelf.rows),
            is_cross_owner=standing.is_cross_owner.take(shelf.rows),
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
        enough, quantity = self.enough[need], self.needs[need].quantity
        cost = self.unit_cost(need).take(enough)
        rows = self.shelves[need].rows.take(enough)
        return rows, cost * quantity if quantity > 1 else cost

    def fillable(self) -> Self:
        """The same field, asking of each need what there is, and nothing that nobody has."""
        if all(map(self.can_fill, range(len(self.needs)))):
            return self
        totals = [int(units.sum()) for units in self.offered]
        held = [need for need, total in enumerate(totals) if total]
        return self.asking(
            needs=[
                replace(self.needs[need], quantity=min(self.needs[need].quantity, totals[need]))
                for need in held
            ],
            shelves=[self.shelves[need] for need in held],
        )

    def within(self, tier: int) -> Self:
        """The same field with the places of this tier and those before it."""
        is_eligible = self.is_eligible & (self.places.tiers <= tier)
        return replace(self, is_eligible=is_eligible).asking(needs=self.needs, shelves=self.shelves)

    def asking(self, *, needs: Sequence[Need], shelves: Sequence[ShelfColumn]) -> Self:
        """The same field with these needs, each with its shelf."""
        offered, enough = offered_by(needs=needs, shelves=shelves, is_eligible=self.is_eligible)
        return replace(self, needs=needs, shelves=shelves, offered=offered, enough=enough)


def offered_by(
    *, needs: Sequence[Need], shelves: Sequence[ShelfColumn], is_eligible: Flags
) -> tuple[list[Column], list[Column]]:
    """What places that may send hold of each need, and where that is all of it."""
    offered = [shelf.atp * is_eligible.take(shelf.rows) for shelf in shelves]
    enough = [
        np.flatnonzero(units >= need.quantity) for units, need in zip(offered, needs, strict=True)
    ]
    return offered, enough
