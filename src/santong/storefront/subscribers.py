"""What storefront does when it hears of members who left, and of whoever pays."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.facts import subscribe
from santong.membership.events import MemberClosed, MemberUnbound
from santong.orders import public as orders
from santong.payments.events import MoneyReceived
from santong.storefront.services.close_sessions import close_sessions_of
from santong.storefront.services.join_by_payment import join_by_payment


@subscribe(MemberClosed)
def end_sessions_of_who_left(fact: MemberClosed, *, merchant_id: int, now: datetime) -> None:
    """Log a member out everywhere who has left every programme."""
    close_sessions_of(
        merchant_id=merchant_id, member_id=fact.member_id, reason="member left", now=now
    )


@subscribe(MemberUnbound)
def end_sessions_of_who_was_unbound(
    fact: MemberUnbound, *, merchant_id: int, now: datetime
) -> None:
    """Log a member out everywhere whose account was taken away: the phone proves them again."""
    close_sessions_of(
        merchant_id=merchant_id, member_id=fact.member_id, reason="account unbound", now=now
    )


@subscribe(MoneyReceived)
def win_whoever_paid(fact: MoneyReceived, *, merchant_id: int, now: datetime) -> None:
    """Make whoever paid for an order a member, where the merchant has said so."""
    order_id = orders.order_of_document(document=fact.document)
    if order_id is not None:
        join_by_payment(
            merchant_id=merchant_id, order_id=order_id, tender_id=fact.tender_id, now=now
        )
