"""Money in minor units: integers with a currency, split without losing or inventing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SYMBOLS: Final[Mapping[str, str]] = {
    "CNY": "¥",
    "USD": "$",
    "EUR": "€",
    "GBP": "£",
    "BRL": "R$",
    "HKD": "HK$",
    "JPY": "JP¥",
}
DIGITS: Final[Mapping[str, int]] = {"JPY": 0, "KRW": 0, "VND": 0}


@dataclass(frozen=True, order=True, slots=True)
class Money:
    """An amount in the currency's minor unit: 1 fen, 1 cent."""

    amount_minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        assert self.currency == other.currency, "amounts in two currencies are never added"
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        assert self.currency == other.currency, "amounts in two currencies are never subtracted"
        return Money(self.amount_minor - other.amount_minor, self.currency)


def spread(total: int, *, over: Sequence[int]) -> list[int]:
    """Split `total` over weights so that the parts add up to it exactly.

    Largest remainder (Hamilton): floors first, what is left goes one by one to the largest
    remainders, the earlier place winning a tie. No part exceeds its weight while `total` does not
    exceed their sum. All weights zero: the first place takes everything.
    """
    assert total >= 0
    assert all(weight >= 0 for weight in over)
    weights = sum(over)
    if not over:
        assert total == 0, "there is nothing to spread over"
        return []
    if weights == 0:
        return [total] + [0] * (len(over) - 1)
    parts = [total * weight // weights for weight in over]
    remainders = [total * weight % weights for weight in over]
    left = total - sum(parts)
    for place in sorted(range(len(over)), key=lambda i: (-remainders[i], i))[:left]:
        parts[place] += 1
    return parts


def money_text(*, minor: int, currency: str) -> str:
    """`¥1,234.50`: an amount in minor units with its symbol, or its code where none is usual."""
    digits = DIGITS.get(currency, 2)
    whole, part = divmod(abs(minor), 10**digits)
    sign = "−" if minor < 0 else ""
    symbol = SYMBOLS.get(currency, f"{currency} ")
    return f"{sign}{symbol}{whole:,}" + (f".{part:0{digits}d}" if digits else "")
