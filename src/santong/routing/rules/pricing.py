"""Candidates with their cost parts, and the problem that the searches solve over them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from santong.routing.contracts import Candidate, CostParts, Shelf, SourcingInput, Tariff
from santong.routing.rules import tie_breaks
from santong.routing.rules.costs import (
    CERTAIN_PPM,
    ParcelParts,
    UnitParts,
    missed_milli,
    moving_parts,
    standing_parts,
    together,
    unit_parts,
)
from santong.routing.rules.needs import Need
from santong.routing.rules.problem import Problem

NOTHING = UnitParts(0, 0, 0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedPlace:
    """A candidate and what it would cost: a parcel from it, and by need what it holds and asks."""

    candidate: Candidate
    parcel: ParcelParts
    held: list[int]
    units: list[UnitParts]
    parcel_score: int
    unit_scores: list[int]

    def cost_of(self, quantities: Sequence[int]) -> CostParts:
        """One parcel with so many units of each need."""
        return together(parcel=self.parcel, units=zip(self.units, quantities, strict=True))


def priced(*, candidate: Candidate, needs: Sequence[Need], sourcing: SourcingInput) -> PricedPlace:
    """What this candidate holds of each need, and every part of what it would cost."""
    parcel = _parcel(candidate, sourcing)
    held, units, unit_scores = [0] * len(needs), [NOTHING] * len(needs), [0] * len(needs)
    shelves = {shelf.sku_id: shelf for shelf in candidate.shelves}
    missed = missed_milli(accept_ppm=candidate.accept_ppm, tariff=sourcing.tariff)
    for position, need in enumerate(needs):
        shelf = shelves.get(need.sku_id)
        if shelf and shelf.atp > 0:
            held[position] = shelf.atp
            units[position] = unit = _unit(candidate, shelf, need, missed, sourcing.tariff)
            unit_scores[position] = tie_breaks.unit_score(
                cost_milli=sum(unit),
                doubt_ppm=CERTAIN_PPM - candidate.accept_ppm * shelf.found_ppm // CERTAIN_PPM,
                age_days=shelf.age_days,
            )
    return PricedPlace(
        candidate=candidate,
        parcel=parcel,
        held=held,
        units=units,
        parcel_score=tie_breaks.parcel_score(
            cost_milli=sum(parcel),
            arrives_in_minutes=candidate.arrives_in_minutes,
            recent_load=candidate.recent_load,
        ),
        unit_scores=unit_scores,
    )


def problem_of(*, places: Sequence[PricedPlace], quantity_by_need: Mapping[int, int]) -> Problem:
    """The problem over these places, in the order of their location ids, and these needs."""
    quantities = list(quantity_by_need.values())
    held = [[place.held[need] for need in quantity_by_need] for place in places]
    most = [max(column) for column in zip(*held, strict=True)]
    needs = len(quantities)
    unit_scores = [
        [tie_breaks.ranked(score=place.unit_scores[need], needs=needs) for need in quantity_by_need]
        for place in places
    ]
    return Problem(
        quantities=quantities,
        is_divisible=[asked > there for asked, there in zip(quantities, most, strict=True)],
        held=held,
        distances=[place.candidate.distance_metres for place in places],
        parcel_scores=[
            tie_breaks.ranked(score=place.parcel_score, needs=needs) for place in places
        ],
        unit_scores=unit_scores,
        line_scores=[
            _line_scores(rank, quantities, held[rank], scores)
            for rank, scores in enumerate(unit_scores)
        ],
    )


def _parcel(candidate: Candidate, sourcing: SourcingInput) -> ParcelParts:
    standing = standing_parts(
        parcel_cost_milli=candidate.parcel_cost_milli,
        handling_cost_milli=candidate.handling_cost_milli,
        accept_ppm=candidate.accept_ppm,
        is_cross_owner=int(candidate.is_cross_owner),
        tariff=sourcing.tariff,
    )
    promised = sourcing.promised_in_minutes
    moving = moving_parts(
        distance_metres=candidate.distance_metres,
        late_minutes=0 if promised is None else max(candidate.arrives_in_minutes - promised, 0),
        tariff=sourcing.tariff,
    )
    return ParcelParts(*standing, *moving)


def _unit(candidate: Candidate, shelf: Shelf, need: Need, missed: int, tariff: Tariff) -> UnitParts:
    return UnitParts._make(
        unit_parts(
            distance_metres=candidate.distance_metres,
            unit_handling_milli=candidate.unit_handling_milli,
            missed_milli=missed,
            is_cross_owner=int(candidate.is_cross_owner),
            price_milli=shelf.price_milli,
            found_ppm=shelf.found_ppm,
            markdown_milli=shelf.markdown_milli,
            weight_grams=need.weight_grams,
            value_minor=need.value_minor,
            tariff=tariff,
        )
    )


def _line_scores(
    rank: int, quantities: Sequence[int], held: Sequence[int], unit_scores: Sequence[int]
) -> list[int | None]:
    """What the whole need costs from here, the place's rank below all else."""
    last = len(quantities) - 1
    return [
        score * quantity + tie_breaks.rank_score(rank=rank, need=last - need)
        if there >= quantity
        else None
        for need, (quantity, there, score) in enumerate(
            zip(quantities, held, unit_scores, strict=True)
        )
    ]
