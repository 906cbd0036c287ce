"""What the gateway does when it hears facts: marketplaces are told how members stand."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from santong.gateway.events import ConnectionAlarm, ConnectionRecovered
from santong.gateway.services.follow_members import follow_members
from santong.gateway.services.forget_member import forget_member
from santong.gateway.services.note_change import note_change
from santong.gateway.services.promise_recovery import promise_recovery
from santong.gateway.services.tell_crm import tell_crm
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


class Operation(NamedTuple):
    """What an older CRM is to take over of a fact."""

    serial_no: str
    point: int
    why: str


@subscribe(ConnectionAlarm, ConnectionRecovered)
def time_recovery(
    fact: ConnectionAlarm | ConnectionRecovered, *, merchant_id: int, now: datetime
) -> None:
    """A line is down, or up again: how long that may take is a promise."""
    promise_recovery(merchant_id=merchant_id, alarm_id=fact.alarm_id, now=now)


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


@subscribe(TierChanged)
def tell_of_tier(fact: TierChanged, *, merchant_id: int, now: datetime) -> None:
    """Another tier: where the member is bound, it is shown."""
    note_change(merchant_id=merchant_id, member_ids=[fact.member_id], now=now)


@subscribe(PointsAccrued)
def tell_of_accrual(fact: PointsAccrued, *, merchant_id: int, now: datetime) -> None:
    """More points: marketplaces show them, an older CRM takes them over."""
    operation = Operation(f"accrual:{fact.accrual_id}", fact.points, "accrual")
    _tell(fact, operation, merchant_id=merchant_id, now=now)


@subscribe(PointsBurned)
def tell_of_burn(fact: PointsBurned, *, merchant_id: int, now: datetime) -> None:
    """Points were spent: marketplaces show fewer, an older CRM takes them away."""
    operation = Operation(f"burn:{fact.burn_id}", -fact.points, "burn")
    _tell(fact, operation, merchant_id=merchant_id, now=now)


@subscribe(PointsClawedBack)
def tell_of_claw_back(fact: PointsClawedBack, *, merchant_id: int, now: datetime) -> None:
    """A return took points back."""
    serial_no = f"claw_back:{fact.accrual_id}:{fact.return_key}"
    operation = Operation(serial_no, -fact.points, "claw_back")
    _tell(fact, operation, merchant_id=merchant_id, now=now)


def _tell(
    fact: PointsAccrued | PointsBurned | PointsClawedBack,
    operation: Operation,
    *,
    merchant_id: int,
    now: datetime,
) -> None:
    note_change(merchant_id=merchant_id, member_ids=[fact.member_id], now=now)
    tell_crm(
        merchant_id=merchant_id,
        programme_id=fact.programme_id,
        member_id=fact.member_id,
        serial_no=operation.serial_no,
        point=operation.point,
        why=operation.why,
        now=now,
    )


@subscribe(LotsExpired, HoldExpired)
def tell_of_what_ended(fact: LotsExpired | HoldExpired, *, merchant_id: int, now: datetime) -> None:
    """Points ended, or can be spent again."""
    kind, _, member_id = fact.owner.partition(":")
    if kind == "member" and fact.asset.startswith("points:") and member_id.isdecimal():
        note_change(merchant_id=merchant_id, member_ids=[int(member_id)], now=now)
