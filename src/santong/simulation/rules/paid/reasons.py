"""Why what was paid for a published order is not what its lines come to."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from santong.simulation.rules.paid.plan import PaidOrder

WHOLE_BP: Final = 10_000


class Why(StrEnum):
    """What a difference comes from, as far as the files tell."""

    NEVER_SOLD = "never sold"
    SENT_WITHOUT_LINES = "sent, but its lines are missing"
    PAYMENT_MISSING = "its payment is missing"
    ROUNDING = "rounding"
    INTEREST = "interest of instalments"
    PRICED_BY_PIECE = "rounding of each piece"
    PART_MISSING = "a payment or a discount is missing"
    PAID_TOO_MUCH = "paid too much"


# What was bought and not sent has no lines; what has gone through hands had some.
_NEVER_SOLD: Final = frozenset({"canceled", "unavailable", "created", "approved", "processing"})


def reason_of(order: PaidOrder, *, category: str) -> tuple[Why, str]:
    """What a difference of a category comes from, and a sentence with its figures."""
    match category:
        case "nothing_sold":
            why = Why.NEVER_SOLD if order.status in _NEVER_SOLD else Why.SENT_WITHOUT_LINES
            return why, f"{why}: order {order.status}, {_money(order.paid_minor)} paid"
        case "not_paid":
            return (
                Why.PAYMENT_MISSING,
                f"{Why.PAYMENT_MISSING}: order {order.status}, no row in the payments file",
            )
        case "document_rounding":
            return Why.ROUNDING, f"{Why.ROUNDING}: {_difference(order)} on {_pieces(order)}"
        case _:
            return _of_amounts(order)


def _of_amounts(order: PaidOrder) -> tuple[Why, str]:
    owed = order.owed_minor or 0
    difference = order.paid_minor - owed
    instalments = max((each.instalments for each in order.payments), default=1)
    # A cent for each piece's price and each piece's freight.
    if abs(difference) <= 2 * order.pieces and (difference < 0 or instalments == 1):
        why = Why.PRICED_BY_PIECE
        return why, f"{why}: {_difference(order)} on {_pieces(order)}"
    if difference > 0 and instalments > 1:
        rate = difference * WHOLE_BP // owed
        return Why.INTEREST, (
            f"{Why.INTEREST}: {_difference(order)} in {instalments} instalments, "
            f"{rate // 100}.{rate % 100:02d} % of what was sold"
        )
    why = Why.PAID_TOO_MUCH if difference > 0 else Why.PART_MISSING
    return why, f"{why}: {_difference(order)}"


def _difference(order: PaidOrder) -> str:
    return _money(order.paid_minor - (order.owed_minor or 0))


def _pieces(order: PaidOrder) -> str:
    return "1 piece" if order.pieces == 1 else f"{order.pieces} pieces"


def _money(minor: int) -> str:
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100}.{abs(minor) % 100:02d}"
