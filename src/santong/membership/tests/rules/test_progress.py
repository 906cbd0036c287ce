"""What leads from one tier to the next."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from santong.membership.rules.progress import missing_to, next_above
from santong.membership.rules.tiers import tier_for
from santong.membership.tests.points import LADDER


def test_above_each_tier_stands_the_next_and_above_the_highest_nothing() -> None:
    above = {tier.code: next_above(LADDER, tier.code) for tier in LADDER}

    assert {code: tier.code if tier else None for code, tier in above.items()} == {
        "base": "silver",
        "silver": "gold",
        "gold": None,
    }


def test_a_tier_that_is_no_more_counts_as_the_lowest() -> None:
    above = next_above(LADDER, "platinum")

    assert above is not None
    assert above.code == "silver"


@given(experience=st.integers(min_value=-10, max_value=10_000))
def test_what_is_missing_reaches_the_next_tier_and_not_one_less(experience: int) -> None:
    above = next_above(LADDER, tier_for(LADDER, experience=experience).code)

    missing = missing_to(above, experience=experience)

    assert tier_for(LADDER, experience=experience + missing) == (above or LADDER[-1])
    assert missing == 0 or tier_for(LADDER, experience=experience + missing - 1) != above
