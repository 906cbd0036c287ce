"""Amounts as people read them, from integers alone."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from santong.kernel.money import DIGITS, SYMBOLS, money_text

KILOMETRE: Final = 1_000
_AMOUNT: Final = re.compile(r"([0-9]{1,9})(?:\.([0-9]{1,3}))?", re.ASCII)


def minor_of(*, text: str, currency: str) -> int | None:
    """`12.5` as so many minor units, exactly; nothing where it is no amount of the currency."""
    digits = DIGITS.get(currency, 2)
    found = _AMOUNT.fullmatch(text.strip())
    if found is None or len(found[2] or "") > digits:
        return None
    return int(found[1] + (found[2] or "").ljust(digits, "0"))


def plain_amount(*, minor: int, currency: str) -> str:
    """`12.50`, as `minor_of` reads it: for the field of a form."""
    digits = DIGITS.get(currency, 2)
    whole, part = divmod(minor, 10**digits)
    return f"{whole}" + (f".{part:0{digits}d}" if digits else "")


def rate_text(*, minor_per_1000: int, currency: str) -> str:
    """What one point is worth, as an exact fraction of the currency's unit: `¥1/100`."""
    exact = Fraction(minor_per_1000, 1_000 * 10 ** DIGITS.get(currency, 2))
    return f"{SYMBOLS.get(currency, f'{currency} ')}{exact}"


def milli_text(*, milli: int, currency: str) -> str:
    """The same for thousandths of a minor unit, rounded half up."""
    rounded = (abs(milli) + 500) // 1_000
    return money_text(minor=-rounded if milli < 0 else rounded, currency=currency)


def metres_text(*, metres: int) -> str:
    """`850 m`, `12.4 km`, `1,204 km`: no more digits than a reader uses."""
    if metres < KILOMETRE:
        return f"{metres} m"
    if metres < 100 * KILOMETRE:
        tenths = (metres + 50) // 100
        return f"{tenths // 10}.{tenths % 10} km"
    return f"{(metres + 500) // 1_000:,} km"


def share_text(*, part: int, whole: int) -> str:
    """`97.3 %` of a whole; a dash where there is none."""
    if whole <= 0:
        return "–"
    tenths = (part * 2_000 + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10} %"
