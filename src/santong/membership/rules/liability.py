"""What outstanding points mean in the books: breakage to expect, revenue to defer."""

from __future__ import annotations

from collections.abc import Sequence

TEN_THOUSAND = 10_000


def breakage_rate(*, expired: int, redeemed: int) -> int:
    """Of 10,000 points that were earned long ago, how many expired unused; rounded down.

    The method: points that have ended, by expiry or by use, since the pool began. Points still
    outstanding say nothing yet and are left out.
    """
    ended = expired + redeemed
    return expired * TEN_THOUSAND // ended if ended else 0


def expected_breakage(outstanding: int, *, rate_per_10000: int) -> int:
    """How many of the outstanding points will never be used, rounded down."""
    return outstanding * rate_per_10000 // TEN_THOUSAND


def deferred(*, price_minor: int, points_value_minor: int, goods_value_minor: int) -> int:
    """The part of a price that was paid for points: by relative stand-alone prices, half up."""
    whole = points_value_minor + goods_value_minor
    return _half_up(price_minor * points_value_minor, whole) if whole else 0


def recognised(*, deferred_minor: int, periods: Sequence[tuple[int, int]]) -> list[int]:
    """What each period recognises of deferred revenue: `(redeemed to date, expected in all)`.

    What is recognised to date is the part redeemed of all that is expected to be redeemed, half
    up; a period gets what is new.
    """
    found: list[int] = []
    for redeemed, expected in periods:
        to_date = _half_up(deferred_minor * min(redeemed, expected), expected) if expected else 0
        found.append(to_date - sum(found))
    return found


def _half_up(amount: int, of: int) -> int:
    return (2 * amount + of) // (2 * of)
