"""Who goes: the cheapest of those who can, by added way and by what they have to do already.

Everything that decides comes in, and everything that was weighed goes out: a stored decision can be
made again and is the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from santong.fieldservice.contracts import Point, Refusal
from santong.fieldservice.rules.availability import Day, Work, best_fit
from santong.fieldservice.rules.clock import Span
from santong.fieldservice.rules.travel import Matrix, great_circle_minutes

# A minute on the way weighs as much as ten minutes of work that somebody has more than others.
COST_OF_WAY: Final = 10
COST_OF_LOAD: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is wanted: where, within which window of arrival, for how long, by whom who can what."""

    point: Point
    window: Span
    work: Work
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be sent."""

    technician_id: int
    code: str
    skills: tuple[str, ...]
    is_covered: bool
    load_minutes: int
    day: Day


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What somebody would cost, or why they cannot be sent."""

    technician_id: int
    code: str
    refused: Refusal | None
    start: int | None
    busy: Span | None
    added_minutes: int
    load_minutes: int
    cost: int


def decide(
    *, asked: Asked, candidates: Sequence[Candidate], matrix: Matrix = great_circle_minutes
) -> tuple[Offer, ...]:
    """What each would cost: those who can come first, the cheapest in front.

    Of equal costs the earlier arrival wins, then the lower id.
    """
    offers = [_offer(asked, each, matrix) for each in candidates]
    return tuple(
        sorted(
            offers,
            key=lambda each: (
                each.refused is not None,
                each.cost,
                each.start or 0,
                each.technician_id,
            ),
        )
    )


def chosen_of(offers: Sequence[Offer]) -> Offer | None:
    """The one who goes; nobody if nobody can."""
    return offers[0] if offers and offers[0].refused is None else None


def _offer(asked: Asked, candidate: Candidate, matrix: Matrix) -> Offer:
    refused = _refusal(asked, candidate)
    fit = None
    if refused is None:
        fit = best_fit(
            day=candidate.day,
            window=asked.window,
            work=asked.work,
            point=asked.point,
            matrix=matrix,
        )
        refused = None if fit else "no_time"
    added = fit.added_minutes if fit else 0
    return Offer(
        technician_id=candidate.technician_id,
        code=candidate.code,
        refused=refused,
        start=fit.start if fit else None,
        busy=fit.busy if fit else None,
        added_minutes=added,
        load_minutes=candidate.load_minutes,
        cost=COST_OF_WAY * added + COST_OF_LOAD * candidate.load_minutes if fit else 0,
    )


def _refusal(asked: Asked, candidate: Candidate) -> Refusal | None:
    if not set(asked.skills) <= set(candidate.skills):
        return "skill"
    if not candidate.is_covered:
        return "territory"
    return None if candidate.day.shifts else "away"
