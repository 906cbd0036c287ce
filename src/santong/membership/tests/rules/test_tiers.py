"""Up at once, down at the end of a period, by one step of grace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.membership.contracts.programmes import TierTerms
from santong.membership.rules.tiers import (
    Standing,
    Verdict,
    Window,
    after_grant,
    after_return,
    at_period_end,
    begun_by_hand,
    kept_until,
    ranks,
    tier_for,
    upgraded,
    upper_tiers,
    window_at,
    window_of_period,
)
from santong.membership.tests.rules.points import LADDER

CHINA = "Asia/Shanghai"
# In China it is past midnight: 1 July 2026.
JULY = datetime(2026, 6, 30, 16, 30, tzinfo=UTC)
IN_A_YEAR = datetime(2027, 7, 1, 16, tzinfo=UTC)
CODES = [tier.code for tier in LADDER]


def at(year: int, month: int, day: int) -> datetime:
    """The midnight with which a day begins in China."""
    return datetime.fromisoformat(f"{year}-{month:02}-{day:02}T00:00:00+08:00").astimezone(UTC)


def about(experience: int, now_has: Standing) -> dict[str, Any]:
    return {"now_has": now_has, "experience": experience, "at": JULY, "timezone": CHINA}


@pytest.mark.parametrize(
    ("experience", "tier"),
    [(-5, "base"), (0, "base"), (999, "base"), (1_000, "silver"), (5_000, "gold")],
)
def test_the_highest_tier_that_is_reached(experience: int, tier: str) -> None:
    assert tier_for(LADDER, experience=experience).code == tier


@pytest.mark.parametrize(
    ("terms", "since", "until"),
    [
        (TierTerms(window_months=12), at(2025, 7, 2), at(2026, 7, 2)),
        (TierTerms(window_months=3), at(2026, 4, 2), at(2026, 7, 2)),
        (TierTerms(window="calendar"), at(2026, 1, 1), at(2026, 7, 2)),
    ],
    ids=["twelve months", "three months", "the calendar year"],
)
def test_the_window_ends_with_today(terms: TierTerms, since: datetime, until: datetime) -> None:
    assert window_at(terms, at=JULY, timezone=CHINA) == Window(since, until)


def test_a_calendar_period_is_decided_by_its_last_year() -> None:
    window = window_of_period(TierTerms(window="calendar"), until=at(2027, 1, 1), timezone=CHINA)

    assert window == Window(at(2026, 1, 1), at(2027, 1, 1))


@pytest.mark.parametrize(
    ("terms", "until"),
    [
        (TierTerms(kept_months=12), at(2027, 7, 2)),
        (TierTerms(kept_months=1), at(2026, 8, 2)),
        (TierTerms(window="calendar"), at(2028, 1, 1)),
    ],
)
def test_a_tier_is_kept_until(terms: TierTerms, until: datetime) -> None:
    assert kept_until(terms, since=JULY, timezone=CHINA) == until


def test_a_higher_tier_comes_at_once_over_several_steps() -> None:
    found = upgraded(LADDER, TierTerms(), **about(5_000, Standing("base", None)))

    assert found == Verdict(Standing("gold", IN_A_YEAR), "earned")


@pytest.mark.parametrize("experience", [0, 4_999, 5_000, 9_999])
def test_nothing_but_more_raises_a_tier(experience: int) -> None:
    gold = Standing("gold", IN_A_YEAR)

    assert upgraded(LADDER, TierTerms(), **about(experience, gold)) == Verdict(gold, None)


class End(NamedTuple):
    name: str
    expected: Verdict
    terms: TierTerms = TierTerms()
    experience: int = 0
    now_has: Standing = Standing("gold", JULY)


ENDS = [
    End(
        "what is earned again is kept",
        Verdict(Standing("gold", IN_A_YEAR), "kept"),
        experience=5_000,
    ),
    End("a fall is one step", Verdict(Standing("silver", IN_A_YEAR), "missed")),
    End(
        "the lowest has no end",
        Verdict(Standing("base", None), "missed"),
        now_has=Standing("silver", JULY),
    ),
    End(
        "without grace it is what was earned",
        Verdict(Standing("base", None), "missed"),
        terms=TierTerms(grace="none"),
    ),
    End(
        "a period of grace",
        Verdict(Standing("gold", IN_A_YEAR, is_graced=True), "graced"),
        terms=TierTerms(grace="one_period"),
    ),
    End(
        "grace is given once",
        Verdict(Standing("base", None), "missed"),
        terms=TierTerms(grace="one_period"),
        now_has=Standing("gold", JULY, is_graced=True),
    ),
    End(
        "a step that was earned is no grace",
        Verdict(Standing("silver", IN_A_YEAR), "missed"),
        terms=TierTerms(grace="none"),
        experience=1_200,
    ),
]


@pytest.mark.parametrize("case", ENDS, ids=lambda case: case.name)
def test_at_the_end_of_a_period(case: End) -> None:
    found = at_period_end(LADDER, case.terms, **about(case.experience, case.now_has))

    assert found == case.expected


def test_a_return_takes_a_tier_only_where_the_terms_say_so() -> None:
    gold = Standing("gold", IN_A_YEAR)

    kept = after_return(LADDER, TierTerms(), **about(1_500, gold))
    lost = after_return(LADDER, TierTerms(on_return="at_once"), **about(1_500, gold))
    earned = after_return(LADDER, TierTerms(on_return="at_once"), **about(5_000, gold))

    assert kept == Verdict(gold, None)
    assert lost == Verdict(Standing("silver", IN_A_YEAR), "returned")
    assert earned == Verdict(gold, None)


def test_a_tier_that_the_ladder_no_longer_has_counts_as_its_lowest() -> None:
    found = at_period_end(LADDER, TierTerms(), **about(0, Standing("platinum", JULY)))

    assert found == Verdict(Standing("base", None), "kept")


@pytest.mark.parametrize(
    ("before", "experience", "expected"),
    [
        (Standing("", None), 0, Verdict(Standing("base", None), "grant_ended")),
        (Standing("silver", IN_A_YEAR), 0, Verdict(Standing("silver", IN_A_YEAR), "grant_ended")),
        (Standing("silver", JULY), 0, Verdict(Standing("base", None), "grant_ended")),
        (Standing("base", None), 1_000, Verdict(Standing("silver", IN_A_YEAR), "grant_ended")),
        (Standing("base", None), 5_000, Verdict(Standing("gold", IN_A_YEAR), "kept")),
    ],
    ids=["nothing before", "still good", "ended meanwhile", "earned some", "earned as much"],
)
def test_what_is_left_when_a_tier_given_by_hand_ends(
    before: Standing, experience: int, expected: Verdict
) -> None:
    found = after_grant(
        LADDER,
        TierTerms(),
        granted=Standing("gold", JULY),
        before=before,
        experience=experience,
        at=JULY,
        timezone=CHINA,
    )

    assert found == expected


@given(code=st.sampled_from(CODES), experience=st.integers(0, 10_000), graced=st.booleans())
def test_one_step_is_the_most_that_grace_takes(code: str, experience: int, *, graced: bool) -> None:
    order = ranks(LADDER)

    found = at_period_end(
        LADDER, TierTerms(), **about(experience, Standing(code, JULY, is_graced=graced))
    )

    assert order[found.standing.tier] >= order[code] - 1
    assert order[found.standing.tier] >= order[tier_for(LADDER, experience=experience).code]


instants = st.integers(0, 20 * 365 * 24).map(
    lambda hours: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)
policies = st.builds(
    TierTerms,
    window=st.sampled_from(["rolling", "calendar"]),
    window_months=st.integers(1, 24),
    kept_months=st.integers(1, 24),
    grace=st.sampled_from(["none", "one_step", "one_period"]),
)


@given(terms=policies, code=st.sampled_from([*CODES, "amber"]), since=instants)
def test_what_was_brought_along_is_looked_at_again_and_can_be_lost(
    terms: TierTerms, code: str, since: datetime
) -> None:
    brought = begun_by_hand(LADDER, terms, code=code, since=since, timezone=CHINA)

    assert brought.tier == code
    assert (brought.until is not None) == (code in upper_tiers(LADDER))
    ways: list[str] = []
    while brought.until is not None:
        assert brought.until > since
        since = brought.until
        verdict = at_period_end(
            LADDER, terms, now_has=brought, experience=0, at=since, timezone=CHINA
        )
        ways.append(verdict.why or "")
        brought = verdict.standing
    # Whoever earns nothing more ends on the lowest tier, after each period that grace gives.
    assert brought.tier in {"base", "amber"}
    assert len(ways) <= 2 * len(LADDER)
