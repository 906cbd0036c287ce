"""Why a batch gives nothing more, and how much it has given."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import F, Sum

from santong.benefits.contracts import SlotUse
from santong.benefits.errors import (
    BatchNotOpen,
    LimitReached,
    OutsideClaimWindow,
    SupplyMissing,
)
from santong.benefits.models import Batch, BatchSlot, MemberCount, SupplyCode
from santong.benefits.rules.validity import day_of
from santong.kernel.errors import DomainError, NoSuch


def batch_by_id(*, merchant_id: int, batch_id: int) -> Batch:
    """Raises NoSuch."""
    row: Batch | None = (
        Batch.objects.of_merchant(merchant_id).select_related("supply").filter(id=batch_id).first()
    )
    if row is None:
        raise NoSuch(kind="batch", key=str(batch_id))
    return row


def slots_of(*, merchant_id: int, batch_id: int, span: str = "") -> list[SlotUse]:
    """The slots of one limit, in their order."""
    rows = BatchSlot.objects.of_merchant(merchant_id).filter(batch_id=batch_id, span=span)
    return [SlotUse(slot=r.slot, quota=r.quota, used=r.used) for r in rows.order_by("slot")]


def given_of(*, merchant_id: int, batch_id: int) -> int:
    """How many coupons of a batch count against its limit."""
    rows = BatchSlot.objects.of_merchant(merchant_id).filter(batch_id=batch_id, span="")
    return int(rows.aggregate(given=Sum("used"))["given"] or 0)


def refusal_of(
    *, merchant_id: int, batch_id: int, member_id: int | None, now: datetime
) -> DomainError | Literal["day not open"] | None:
    """Why the batch gives this member nothing now; None where it would. Raises NoSuch."""
    batch = batch_by_id(merchant_id=merchant_id, batch_id=batch_id)
    # Codes before slots: whoever takes the last code in between has counted it on a slot, too.
    short = _short(batch, now)
    return (
        _closed(batch, now)
        or _spent(batch, member_id)
        or (_day(batch, now) if batch.limit_per_day is not None else None)
        or short
    )


def _closed(batch: Batch, now: datetime) -> DomainError | None:
    if batch.state != "active":
        return BatchNotOpen(batch_id=batch.id, state=batch.state)
    if now < batch.opens_at or (batch.closes_at is not None and batch.closes_at <= now):
        return OutsideClaimWindow(
            batch_id=batch.id, opens_at=batch.opens_at, closes_at=batch.closes_at
        )
    if batch.valid_until is not None and batch.valid_until <= now:
        return BatchNotOpen(batch_id=batch.id, state="over")
    return None


def _spent(batch: Batch, member_id: int | None) -> DomainError | None:
    if batch.budget_minor is not None and batch.spent_minor >= batch.budget_minor:
        return LimitReached(batch_id=batch.id, limit="budget")
    if member_id is not None and _is_member_served(batch, member_id):
        return LimitReached(batch_id=batch.id, limit="member")
    if not _has_room(slots_of(merchant_id=batch.merchant_id, batch_id=batch.id)):
        return LimitReached(batch_id=batch.id, limit="total")
    return None


def _day(batch: Batch, now: datetime) -> DomainError | Literal["day not open"] | None:
    day = day_of(at=now, timezone=batch.timezone).isoformat()
    of_day = slots_of(merchant_id=batch.merchant_id, batch_id=batch.id, span=day)
    if not of_day:
        return "day not open"
    return None if _has_room(of_day) else LimitReached(batch_id=batch.id, limit="day")


def _short(batch: Batch, now: datetime) -> DomainError | None:
    if batch.supply is None or batch.supply.kind != "codes":
        return None
    left = SupplyCode.objects.of_merchant(batch.merchant_id).filter(
        supply=batch.supply, state="available"
    )
    if left.exclude(expires_at__lte=now).exists():
        return None
    return SupplyMissing(batch_id=batch.id, reason="no code is left")


def _is_member_served(batch: Batch, member_id: int) -> bool:
    counts = MemberCount.objects.of_merchant(batch.merchant_id).filter(
        batch_id=batch.id, member_id=member_id, given__gte=F("most")
    )
    return counts.exists()


def _has_room(slots: list[SlotUse]) -> bool:
    return any(slot.used < slot.quota for slot in slots)
