"""What the gateway does when it hears facts: marketplaces are told how members stand."""

from __future__ import annotations

from datetime import datetime

from santong.gateway.services.follow_members import follow_members
from santong.gateway.services.forget_member import forget_member
from santong.gateway.services.note_change import note_change
from santong.kernel.facts import subscribe
from santong.membership.events import (
    MembersMerged,
    MembersParted,
    MemberUnbound,
    PointsAccrued,
    PointsBurned,
    PointsClawedBack,
    TierChanged,
)
from santong.payments.events import HoldExpired, LotsExpired


@subscribe(MemberUnbound)
def forget(fact: MemberUnbound, *, merchant_id: int, now: datetime) -> None:
    """Not bound any more: nothing is told of them there."""
    forget_member(
        merchant_id=merchant_id, member_id=fact.member_id, storefront_code=fact.storefront_code
    )


@subscribe(MembersMerged, MembersParted)
def follow(fact: MembersMerged | MembersParted, *, merchant_id: int, now: datetime) -> None:
    """One member instead of two, or two again: points and tier are another's."""
    follow_members(merchant_id=merchant_id, member_ids=[fact.kept_id, fact.gone_id], now=now)


@subscribe(PointsAccrued, PointsBurned, PointsClawedBack, TierChanged)
def tell_of(
    fact: PointsAccrued | PointsBurned | PointsClawedBack | TierChanged,
    *,
    merchant_id: int,
    now: datetime,
) -> None:
    """More points or fewer, another tier: where the member is bound, it is shown."""
    note_change(merchant_id=merchant_id, member_ids=[fact.member_id], now=now)


@subscribe(LotsExpired, HoldExpired)
def tell_of_what_ended(fact: LotsExpired | HoldExpired, *, merchant_id: int, now: datetime) -> None:
    """Points ended, or can be spent again."""
    kind, _, member_id = fact.owner.partition(":")
    if kind == "member" and fact.asset.startswith("points:") and member_id.isdecimal():
        note_change(merchant_id=merchant_id, member_ids=[int(member_id)], now=now)
