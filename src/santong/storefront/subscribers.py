"""What storefront does when it hears that a member has left, or an account was taken from them."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.facts import subscribe
from santong.membership.events import MemberClosed, MemberUnbound
from santong.storefront.services.close_sessions import close_sessions_of


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
