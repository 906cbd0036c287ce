"""Along which tenders money goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.payments.contracts import Method, RefundState

# Money goes back to where it came from outside of us first, cards next, and cash from the till
# last, when nothing else is left.
_RANK: dict[Method, int] = {
    "wechat_pay": 0,
    "alipay": 0,
    "card": 0,
    "external": 0,
    "prepaid": 1,
    "gift_card": 1,
    "cash": 2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refundable:
    """A tender that came in, and what of it can still go back."""

    tender_id: int
    method: Method
    captured_at: datetime
    refundable_minor: int
    whole_only: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """So much goes back along one tender."""

    tender_id: int
    amount_minor: int


def plan(tenders: Sequence[Refundable], *, amount_minor: int) -> list[Part] | None:
    """Split a refund along tenders, the newest outside of us first; None if it does not fit.

    No tender gives back more than it has. A provider that cannot give back a part is passed over
    unless all of it fits.
    """
    ordered = sorted(
        tenders, key=lambda t: (_RANK[t.method], -t.captured_at.timestamp(), -t.tender_id)
    )
    left = amount_minor
    parts: list[Part] = []
    for tender in ordered:
        amount = min(left, tender.refundable_minor)
        if tender.whole_only and amount < tender.refundable_minor:
            continue
        if amount > 0:
            parts.append(Part(tender.tender_id, amount))
            left -= amount
    return None if left else parts


def refund_state(
    *, amount_minor: int, done_minor: int, failed_minor: int, given_up_minor: int = 0
) -> RefundState:
    """What a refund is, once so much of it is done, has failed, and is not tried any more."""
    if done_minor + failed_minor + given_up_minor < amount_minor:
        return "working"
    if failed_minor:
        return "partly" if done_minor else "failed"
    return "given_up" if given_up_minor else "done"
