"""The question behind an order, in numbers only: what is needed, who holds it, what it costs.

Two lines of one SKU are one need. A need that fits one place is never divided; one that fits no
single place may be taken in units from several.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from santong.routing.contracts import SplitLimit


class Take(NamedTuple):
    """So many units of one need from one place, both by position."""

    place: int
    need: int
    quantity: int


class Plan(NamedTuple):
    """Who sends what, how many units that is, and the score that orders plans."""

    takes: tuple[Take, ...]
    units: int
    parcels: int
    score: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Places in the order of their location ids; `line_scores` is None where too little is held."""

    quantities: Sequence[int]
    is_divisible: Sequence[bool]
    held: Sequence[Sequence[int]]
    distances: Sequence[int]
    parcel_scores: Sequence[int]
    unit_scores: Sequence[Sequence[int]]
    line_scores: Sequence[Sequence[int | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many parcels an order may have, and whether that gives way to filling it."""

    parcels_max: int | None
    gives_way: bool

    def allows(self, parcels: int) -> bool:
        return self.parcels_max is None or parcels <= self.parcels_max

    def preference(self, plan: Plan) -> tuple[int, int, int]:
        """Smaller is better: fill what has stock and keep the limit, then the score."""
        excess = 0 if self.parcels_max is None else max(0, plan.parcels - self.parcels_max)
        return (
            (-plan.units, excess, plan.score)
            if self.gives_way
            else (
                excess,
                -plan.units,
                plan.score,
            )
        )


def limits_of(*, limit: SplitLimit, value_minor: int) -> Limits:
    """The operator's limit on splitting, for an order of this value."""
    parcels_max = 1 if value_minor < limit.no_split_below_minor else limit.parcels_max
    return Limits(parcels_max=parcels_max, gives_way=limit.when_exceeded == "fill")


def filled_from(*, problem: Problem, places: Iterable[int]) -> Plan:
    """The cheapest plan when exactly these places may send, and need not all do so."""
    takes: list[Take] = []
    among = sorted(places)
    score = units = 0
    for need, quantity in enumerate(problem.quantities):
        for take in _cheapest(problem, among, need, quantity):
            takes.append(take)
            units += take.quantity
            score += _score(problem, take)
    used = {take.place for take in takes}
    score += sum(problem.parcel_scores[place] for place in used)
    return Plan(tuple(takes), units, len(used), score)


def plan_of(*, problem: Problem, takes: Sequence[Take]) -> Plan:
    """The plan that these takes make, with its score."""
    used = {take.place for take in takes}
    score = sum(problem.parcel_scores[place] for place in used)
    score += sum(_score(problem, take) for take in takes)
    return Plan(tuple(takes), sum(take.quantity for take in takes), len(used), score)


def _cheapest(problem: Problem, among: Sequence[int], need: int, quantity: int) -> list[Take]:
    if problem.is_divisible[need]:
        return _unit_by_unit(problem, among, need, quantity)
    best: int | None = None
    cheapest = 0
    for place in among:
        score = problem.line_scores[place][need]
        if score is not None and (best is None or score < cheapest):
            best, cheapest = place, score
    return [] if best is None else [Take(best, need, quantity)]


def _unit_by_unit(problem: Problem, among: Sequence[int], need: int, quantity: int) -> list[Take]:
    takes: list[Take] = []
    holding = [place for place in among if problem.held[place][need]]
    for place in sorted(holding, key=lambda place: problem.unit_scores[place][need]):
        taken = min(quantity, problem.held[place][need])
        if taken:
            takes.append(Take(place, need, taken))
            quantity -= taken
    return takes


def _score(problem: Problem, take: Take) -> int:
    line = problem.line_scores[take.place][take.need]
    if line is not None and not problem.is_divisible[take.need]:
        return line
    return problem.unit_scores[take.place][take.need] * take.quantity
