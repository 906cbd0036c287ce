"""Baskets and terms for tests of rules: say what the test is about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from hypothesis import strategies as st

from santong.membership.contracts.points import Basket, PurchaseLine
from santong.membership.contracts.programmes import AccrualRule, Caps, Terms, Tier

SINGLES_DAY = date(2026, 11, 11)
AT = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
LADDER = (
    Tier(code="base", name="普通", threshold=0),
    Tier(code="silver", name="银卡", threshold=1_000, points_percent=120, burn_percent=110),
    Tier(code="gold", name="金卡", threshold=5_000, points_percent=150, burn_percent=125),
)
ONE_A_YUAN = AccrualRule(code="yuan", points=1, per_minor=100)


def line(
    amount_minor: int = 10_000,
    *,
    number: int = 1,
    sku: str = "shirt",
    category: str = "tops",
    quantity: int = 1,
) -> PurchaseLine:
    return PurchaseLine(number, sku, category, quantity, amount_minor)


def basket(*lines: PurchaseLine, **about: Any) -> Basket:
    return Basket(
        **{
            "bought_at": AT,
            "bought_on": SINGLES_DAY,
            "channel": "store",
            "location_code": "SH001",
            "tier": "base",
            "is_birthday": False,
            "is_birthday_month": False,
            "lines": lines or (line(),),
            **about,
        }
    )


def terms(*rules: AccrualRule, **about: Any) -> Terms:
    return Terms(**{"tiers": LADDER, "rules": rules or (ONE_A_YUAN,), **about})


def baskets() -> st.SearchStrategy[Basket]:
    """Baskets of a few lines of two SKUs, some of them free."""
    lines = st.lists(
        st.tuples(st.sampled_from(["shirt", "coat"]), st.integers(1, 9), st.integers(0, 1_000_000)),
        min_size=1,
        max_size=6,
    )
    return st.builds(_basket, lines, st.sampled_from(["base", "silver", "gold"]))


def rules() -> st.SearchStrategy[list[AccrualRule]]:
    """A base rule, and multipliers and bonuses with and without caps and groups."""
    cap = st.none() | st.integers(0, 500)
    caps = st.builds(Caps, per_purchase=cap, per_day=cap, per_member=cap)
    one = st.builds(
        AccrualRule,
        code=st.sampled_from(["a", "b", "c", "d"]),
        effect=st.sampled_from(["base", "multiplier", "bonus"]),
        points=st.integers(0, 300),
        per_minor=st.integers(1, 1_000),
        percent=st.integers(100, 500),
        rounding=st.sampled_from(["down", "half_up", "up"]),
        per=st.sampled_from(["purchase", "line", "unit"]),
        group=st.sampled_from(["", "g"]),
        caps=caps,
    )
    return st.lists(one, max_size=4, unique_by=lambda rule: rule.code)


def _basket(lines: Sequence[tuple[str, int, int]], tier: str) -> Basket:
    return basket(
        *(
            line(amount, number=number, sku=sku, quantity=quantity)
            for number, (sku, quantity, amount) in enumerate(lines, start=1)
        ),
        tier=tier,
    )
