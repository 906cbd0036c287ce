"""The facts of benefits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("benefits.batch_changed.v1", aggregate="batch_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class BatchChanged:
    """A batch was approved, opened, paused or ended."""

    batch_id: int
    state: str


@fact("benefits.coupon_issued.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponIssued:
    """A member was given a coupon, or took it."""

    coupon_id: int
    batch_id: int
    member_id: int
    channel: str
    cause: str


@fact("benefits.coupons_issued.v1", aggregate="run_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponsIssued:
    """A part of a mass issue was given out."""

    run_id: int
    batch_id: int
    member_ids: tuple[int, ...]


@fact("benefits.coupon_held.v1", aggregate="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponHeld:
    """An order wants to use a coupon, and nobody else can."""

    coupon_id: int
    holder: str
    amount_minor: int


@fact("benefits.coupon_given_back.v1", aggregate="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponGivenBack:
    """The order did not come about; the coupon can be used again."""

    coupon_id: int
    holder: str


@fact("benefits.coupon_redeemed.v1", aggregate="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponRedeemed:
    """A coupon was used."""

    coupon_id: int
    batch_id: int
    member_id: int | None
    amount_minor: int
    channel: str
    location_id: int | None


@fact("benefits.coupon_returned.v1", aggregate="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponReturned:
    """What a coupon was used for came back; it was restored or forfeited."""

    coupon_id: int
    outcome: str
    valid_until: datetime | None


@fact("benefits.coupon_voided.v1", aggregate="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponVoided:
    """A coupon was taken back for good."""

    coupon_id: int
    reason: str


@fact("benefits.coupons_expired.v1", aggregate="batch_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class CouponsExpired:
    """The time of some coupons of a batch was over."""

    batch_id: int
    coupon_ids: tuple[int, ...]


@fact("benefits.supply_low.v1", aggregate="supply_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class SupplyLow:
    """Fewer codes are left than the alarm asks for."""

    supply_id: int
    left: int
    alarm_below: int


@fact("benefits.double_use_found.v1", aggregate="coupon_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class DoubleUseFound:
    """Two tills used one coupon while they were offline; it was counted once."""

    coupon_id: int
    first_till: str
    second_till: str


@fact("benefits.message_due.v1", aggregate="member_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class MessageDue:
    """A member is to be told something by a channel that they have agreed to."""

    member_id: int
    rule_id: int
    occasion: str
    template: str
    channel: str
    coupon_ids: tuple[int, ...]
