"""When deferred revenue is earned.

What was set aside for points (IFRS 15, 企业会计准则第14号) becomes revenue as they are redeemed:
redeemed to date ÷ redemptions expected in all. Expectations change, so each period recognises what
has been earned to date less what earlier periods have recognised: not one fen is lost or invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.kernel.errors import FieldInvalid


@dataclass(frozen=True, slots=True)
class Redemption:
    """What had been redeemed by the end of a period, and what was then expected in all."""

    redeemed_to_date: int
    expected_total: int


def recognised(*, deferred_minor: int, periods: Sequence[Redemption]) -> list[int]:
    """What each period recognises of a deferred amount; a lowered expectation may take some back.

    Halves of a minor unit are rounded up, of what has been earned to date. Raises FieldInvalid.
    """
    found: list[int] = []
    before = 0
    for place, period in enumerate(periods):
        if not 0 <= period.redeemed_to_date <= period.expected_total or not period.expected_total:
            reason = "redeemed to date, of an expected total that is not less"
            raise FieldInvalid(pointer=f"/periods/{place}", reason=reason)
        to_date = _rounded(deferred_minor * period.redeemed_to_date, period.expected_total)
        found.append(to_date - before)
        before = to_date
    return found


def _rounded(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)
