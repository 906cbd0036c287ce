"""What every race needs: commands in scopes of their own, and what must hold afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from santong.benefits import public as benefits
from santong.benefits.selectors.limits import given_of
from santong.benefits.tests.factories import NOW, make_batch, make_coupon, new_key, new_member
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "8"))
REFUSALS = (
    benefits.LimitReached,
    benefits.CouponStatePassed,
    benefits.CouponFrozen,
    benefits.MoreThanBought,
    benefits.BatchNotOpen,
    benefits.BatchStatePassed,
    benefits.NotValidNow,
)


def in_scope(merchant: int, command: Callable[..., Any], **arguments: Any) -> Callable[[], Any]:
    """A command as another process would run it: in a scope and transaction of its own."""

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return command(**{"merchant_id": merchant, "now": NOW, **arguments})

    return run


def claim(merchant: int, batch: benefits.Batch, *, member_id: int = 0, key: str = "") -> Any:
    return in_scope(
        merchant,
        benefits.claim,
        batch_id=batch.id,
        member_id=member_id or new_member(),
        channel="online",
        key=key or new_key(),
    )


def claims(merchant: int, batch: benefits.Batch, count: int) -> Callable[[], list[bool]]:
    """Tries one coupon for one member after the other."""

    def run() -> list[bool]:
        got = []
        for _ in range(count):
            try:
                claim(merchant, batch)()
                got.append(True)
            except benefits.LimitReached:
                got.append(False)
        return got

    return run


def a_batch(merchant: int, **named: Any) -> benefits.Batch:
    with tenancy.scope(merchant_id=merchant):
        return make_batch(merchant_id=merchant, **named)


def a_coupon(merchant: int, batch: benefits.Batch, **named: Any) -> benefits.Coupon:
    with tenancy.scope(merchant_id=merchant):
        return make_coupon(merchant_id=merchant, batch=batch, **named)


def given(merchant: int, batch: benefits.Batch) -> int:
    with tenancy.scope(merchant_id=merchant):
        return given_of(merchant_id=merchant, batch_id=batch.id)


def good(results: list[Any]) -> list[Any]:
    """Those that were done; whatever else was raised but a refusal is a surprise."""
    surprises = [r for r in results if isinstance(r, Exception) and not isinstance(r, REFUSALS)]
    assert surprises == []
    return [result for result in results if not isinstance(result, Exception)]


def assert_sound(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        assert benefits.check_invariants(merchant_id=merchant, now=NOW) == []
