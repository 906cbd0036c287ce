"""Which tier experience earns, how long it is kept, and how it is lost. No upgrade waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from santong.membership.contracts.programmes import Tier, TierTerms, Why
from santong.membership.rules.calendar import day_of, end_of, plus_months, start_of

_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """The tier that somebody has, until when, and whether a period of grace was used up."""

    tier: str
    until: datetime | None
    is_graced: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """The tier after a review. `why` is None where nothing has changed."""

    standing: Standing
    why: Why | None


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when experience counts, the end excluded."""

    counted_from: datetime
    counted_until: datetime


def ranks(ladder: Sequence[Tier]) -> dict[str, int]:
    """How high each tier stands, by code."""
    ordered = sorted(ladder, key=lambda tier: tier.threshold)
    return {tier.code: rank for rank, tier in enumerate(ordered)}


def tier_by_code(ladder: Sequence[Tier], code: str) -> Tier:
    """A tier by its code; one that the ladder no longer has counts as its lowest."""
    found = next((tier for tier in ladder if tier.code == code), None)
    return found or min(ladder, key=lambda tier: tier.threshold)


def tier_for(ladder: Sequence[Tier], *, experience: int) -> Tier:
    """The highest tier whose threshold is reached; the lowest asks for nothing."""
    reached = [tier for tier in ladder if tier.threshold <= max(experience, 0)]
    return max(reached, key=lambda tier: tier.threshold)


def window_at(terms: TierTerms, *, at: datetime, timezone: str) -> Window:
    """The window in which experience counts at an instant. It ends with that instant's day."""
    today = day_of(at, timezone=timezone)
    first = (
        date(today.year, 1, 1)
        if terms.window == "calendar"
        else plus_months(today, -terms.window_months) + timedelta(days=1)
    )
    return Window(
        counted_from=start_of(first, timezone=timezone),
        counted_until=start_of(today + timedelta(days=1), timezone=timezone),
    )


def window_of_period(terms: TierTerms, *, until: datetime, timezone: str) -> Window:
    """The window that decides at the end of a period: the one that was open just before it."""
    return window_at(terms, at=until - _MOMENT, timezone=timezone)


def kept_until(terms: TierTerms, *, since: datetime, timezone: str) -> datetime:
    """When a tier that begins at an instant is looked at again: at the end of a day.

    What raised it is then a whole window ago, so the same purchase does not keep it as well.
    """
    day = day_of(since, timezone=timezone)
    last = (
        date(day.year + 1, 12, 31)
        if terms.window == "calendar"
        else plus_months(day, terms.kept_months)
    )
    return end_of(last, timezone=timezone)


def begun_by_hand(
    ladder: Sequence[Tier], terms: TierTerms, *, code: str, since: datetime, timezone: str
) -> Standing:
    """A tier that somebody brought along, or was put on, as if they had reached it then.

    A tier that the ladder does not have stays as it is, without an end.
    """
    tier = tier_by_code(ladder, code)
    if tier.code != code:
        return Standing(code, None)
    return _begun(ladder, terms, tier, at=since, timezone=timezone)


def upper_tiers(ladder: Sequence[Tier]) -> frozenset[str]:
    """The tiers that can be lost: all but the lowest."""
    return frozenset(code for code, rank in ranks(ladder).items() if rank > 0)


def upgraded(
    ladder: Sequence[Tier],
    terms: TierTerms,
    *,
    now_has: Standing,
    experience: int,
    at: datetime,
    timezone: str,
) -> Verdict:
    """A higher tier that experience has earned, at once; else what there was."""
    earned = tier_for(ladder, experience=experience)
    if ranks(ladder)[earned.code] <= _rank(ladder, now_has.tier):
        return Verdict(now_has, None)
    return Verdict(_begun(ladder, terms, earned, at=at, timezone=timezone), "earned")


def after_return(
    ladder: Sequence[Tier],
    terms: TierTerms,
    *,
    now_has: Standing,
    experience: int,
    at: datetime,
    timezone: str,
) -> Verdict:
    """What a return leaves of a tier: all until the period ends, or what is still earned."""
    earned = tier_for(ladder, experience=experience)
    if terms.on_return == "at_period_end":
        return Verdict(now_has, None)
    if ranks(ladder)[earned.code] >= _rank(ladder, now_has.tier):
        return Verdict(now_has, None)
    return Verdict(_begun(ladder, terms, earned, at=at, timezone=timezone), "returned")


def at_period_end(
    ladder: Sequence[Tier],
    terms: TierTerms,
    *,
    now_has: Standing,
    experience: int,
    at: datetime,
    timezone: str,
) -> Verdict:
    """Keep what was earned again, or fall by the policy's grace.

    The next period follows on the last day of this one: `at` is the moment after it.
    """
    at -= _MOMENT
    earned = tier_for(ladder, experience=experience)
    rank, earned_rank = _rank(ladder, now_has.tier), ranks(ladder)[earned.code]
    held = tier_by_code(ladder, now_has.tier)
    if earned_rank >= rank:
        return Verdict(_begun(ladder, terms, earned, at=at, timezone=timezone), "kept")
    if terms.grace == "one_period" and not now_has.is_graced:
        again = _begun(ladder, terms, held, at=at, timezone=timezone)
        return Verdict(Standing(again.tier, again.until, is_graced=True), "graced")
    fallen = max(rank - 1, earned_rank) if terms.grace == "one_step" else earned_rank
    ordered = sorted(ladder, key=lambda tier: tier.threshold)
    return Verdict(_begun(ladder, terms, ordered[fallen], at=at, timezone=timezone), "missed")


def after_grant(
    ladder: Sequence[Tier],
    terms: TierTerms,
    *,
    granted: Standing,
    before: Standing,
    experience: int,
    at: datetime,
    timezone: str,
) -> Verdict:
    """What is left when a tier given by hand ends: what stood before, or more if it was earned.

    Where the period of what stood before has ended meanwhile, it is looked at as at its end.
    """
    stands = before
    if before.until is not None and before.until <= at:
        stands = at_period_end(
            ladder, terms, now_has=before, experience=experience, at=at, timezone=timezone
        ).standing
    stands = upgraded(
        ladder, terms, now_has=stands, experience=experience, at=at, timezone=timezone
    ).standing
    tier = tier_by_code(ladder, stands.tier).code
    return Verdict(Standing(tier, stands.until), "kept" if tier == granted.tier else "grant_ended")


def _rank(ladder: Sequence[Tier], code: str) -> int:
    return ranks(ladder).get(code, 0)


def _begun(
    ladder: Sequence[Tier], terms: TierTerms, tier: Tier, *, at: datetime, timezone: str
) -> Standing:
    """The lowest tier has no end: nobody can fall from it."""
    if ranks(ladder)[tier.code] == 0:
        return Standing(tier.code, None)
    return Standing(tier.code, kept_until(terms, since=at, timezone=timezone))
