"""Amounts as people read them, from integers alone."""

from __future__ import annotations

from typing import Final

from santong.kernel.money import money_text

KILOMETRE: Final = 1_000


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
