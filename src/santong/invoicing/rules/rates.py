"""Which rate is in force for goods at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from santong.invoicing.contracts import FREIGHT, RatedAs, RateSubject, TaxRate


def rate_for(
    rates: Iterable[TaxRate], *, sku_code: str, category: str, at: datetime, default: RatedAs
) -> RatedAs:
    """The SKU's own rate, else that of its category or the nearest above it, else the seller's."""
    wanted: list[tuple[RateSubject, str]] = [("sku", sku_code)]
    for path in _paths(category):
        wanted.append(("category", path))  # noqa: PERF401  a list of tuples would lose the word's type
    return _found(rates, wanted=wanted, at=at, default=default)


def freight_rate(rates: Iterable[TaxRate], *, at: datetime, default: RatedAs) -> RatedAs:
    """The rate of carriage; without one of its own it follows the goods it came with."""
    return _found(rates, wanted=[(FREIGHT, "")], at=at, default=default)


def _paths(category: str) -> list[str]:
    """`女装/大衣` and `女装`: the nearest first."""
    parts = [part for part in category.split("/") if part]
    return ["/".join(parts[:depth]) for depth in range(len(parts), 0, -1)]


def _found(
    rates: Iterable[TaxRate],
    *,
    wanted: Iterable[tuple[RateSubject, str]],
    at: datetime,
    default: RatedAs,
) -> RatedAs:
    known = [rate for rate in rates if rate.valid_from <= at]
    for subject, key in wanted:
        here = [rate for rate in known if (rate.subject, rate.key) == (subject, key)]
        if here:
            return max(here, key=lambda rate: rate.valid_from).rated
    return default
