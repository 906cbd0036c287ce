"""What money that comes in does to an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from santong.orders.contracts import State

WhyRefund = Literal["cancelled", "overpaid", "paid_after_cancellation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """How an order stands after a payment, and what of it has to go back at once."""

    paid_minor: int
    completes: bool
    refund_minor: int
    why_refund: WhyRefund | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """What of the money of an order that is given up goes back, and what is kept."""

    refund_minor: int
    kept_minor: int


def split_of_given_up(
    *, paid_minor: int, worth_minor: int, settled_minor: int, forfeit_minor: int
) -> GivenUp:
    """Share out what came in, less what the order is still worth and what is settled already.

    What goes back and what is kept add up to it; no more is kept than `forfeit_minor`.
    """
    left = max(0, paid_minor - worth_minor - settled_minor)
    kept = min(forfeit_minor, left)
    return GivenUp(refund_minor=left - kept, kept_minor=kept)


def effect_of_payment(
    *, state: State, total_minor: int, paid_minor: int, amount_minor: int
) -> Effect:
    """Money is always taken in; what nobody owes goes back.

    For a cancelled order that is all of it, otherwise what lies beyond the total.
    """
    paid = paid_minor + amount_minor
    if state == "cancelled":
        return Effect(
            paid_minor=paid,
            completes=False,
            refund_minor=amount_minor,
            why_refund="paid_after_cancellation",
        )
    beyond = max(0, paid - max(total_minor, paid_minor))
    return Effect(
        paid_minor=paid,
        completes=state == "placed" and paid >= total_minor,
        refund_minor=beyond,
        why_refund="overpaid" if beyond else None,
    )
