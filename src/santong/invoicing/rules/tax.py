"""Tax within prices that include it. Whole numbers only; nothing is lost or invented.

What a line costs is what was paid for it; the tax is a part of that, rounded half up to the minor
unit. So amount + tax is the paid share exactly, and amount x rate differs from the tax by less than
a minor unit on every line of a blue invoice (the tax office looks at each line).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.invoicing.contracts import WHOLE_RATE
from santong.kernel.money import spread


@dataclass(frozen=True, slots=True)
class Split:
    """A total as the amount without tax, and the tax."""

    amount_minor: int
    tax_minor: int

    @property
    def total_minor(self) -> int:
        return self.amount_minor + self.tax_minor


def split(total_minor: int, *, rate_basis_points: int) -> Split:
    """What of a paid total is tax."""
    whole = WHOLE_RATE + rate_basis_points
    tax = (2 * total_minor * rate_basis_points + whole) // (2 * whole)
    return Split(total_minor - tax, tax)


def taken_back(
    total_minor: int, *, left_minor: int, left_tax_minor: int, rate_basis_points: int
) -> Split:
    """What a red line takes back of what is left of a blue one.

    What stays is split as a line of its own would be; the rest is taken back. Whatever comes back
    in whatever parts, together it is the blue line's amount and tax, to the minor unit.
    """
    assert 0 <= total_minor <= left_minor
    stays = split(left_minor - total_minor, rate_basis_points=rate_basis_points)
    tax = min(max(left_tax_minor - stays.tax_minor, 0), total_minor)
    return Split(total_minor - tax, tax)


def is_within_tolerance(split_: Split, *, rate_basis_points: int, minor: int = 1) -> bool:
    """Whether amount x rate and tax differ by so many minor units at most."""
    difference = split_.amount_minor * rate_basis_points - split_.tax_minor * WHOLE_RATE
    return abs(difference) <= minor * WHOLE_RATE


def payable_by_line(
    line_totals: Sequence[int], *, freight_minor: int, without_invoice_minor: int
) -> list[int]:
    """What may be invoiced of each line, and last of the freight.

    Stored value was invoiced, without tax, when it was sold: what was paid with it is taken off
    all of them in proportion.
    """
    paid = [*line_totals, freight_minor]
    off = spread(min(without_invoice_minor, sum(paid)), over=paid)
    return [each - less for each, less in zip(paid, off, strict=True)]


def rate_text(basis_points: int) -> str:
    """`13%`, `0.5%`."""
    whole, part = divmod(basis_points, 100)
    return f"{whole}.{part:02}".rstrip("0").rstrip(".") + "%"
