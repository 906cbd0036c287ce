"""What using a coupon brings its member beyond the till, and what goes back with it.

Points are credited, a tier is lent, a red packet pays: in the transaction of the step, so that a
step taken once has its effect once. Other kinds take something off a price, or are handed over.
"""

from __future__ import annotations

from datetime import datetime

from santong.benefits.contracts import Batch, Coupon
from santong.benefits.rules.validity import lent_until
from santong.benefits.services import books
from santong.benefits.services.owe_issued import packet
from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership

SOURCE = "benefits"
# What membership says when it cannot take what a coupon brings.
NOT_DELIVERED = (
    membership.CardMissing,
    membership.NothingPromised,
    membership.TierGranted,
    membership.NotAuthorised,
)


def deliver(
    coupon: Coupon,
    batch: Batch,
    *,
    merchant_id: int,
    attempt: int,
    redeemed_at: datetime,
    now: datetime,
) -> None:
    """Bring the member what the coupon says, whose use has just been written.

    Raises what membership refuses (no card, no terms, a tier that is not higher), FieldInvalid.
    Locks the member, then accounts.
    """
    assert coupon.member_id is not None, "only a member's coupon is used"
    match batch.kind:
        case "points":
            membership.credit_points(
                merchant_id=merchant_id,
                source=SOURCE,
                key=_key(coupon, attempt),
                member_id=coupon.member_id,
                programme_code=str(batch.terms["programme_code"]),
                points=int(batch.terms["points"]),
                valid_days=_days(batch),
                now=now,
            )
        case "experience_card":
            membership.grant_tier(
                merchant_id=merchant_id,
                member_id=coupon.member_id,
                programme_code=str(batch.terms["programme_code"]),
                tier=str(batch.terms["tier"]),
                valid_until=_lent_until(batch, redeemed_at),
                reason=f"coupon {coupon.id}",
                now=now,
            )
        case "red_packet":
            holds = packet_of(coupon, batch)
            if coupon.amount_minor > holds.value_minor:
                raise FieldInvalid(pointer="/amount_minor", reason="more than is in the packet")
            books.use(
                holds,
                merchant_id=merchant_id,
                attempt=attempt,
                # Told without an amount, it was used whole.
                amount_minor=coupon.amount_minor or holds.value_minor,
                now=now,
            )
        case _:
            pass


def take_back(
    coupon: Coupon,
    batch: Batch,
    *,
    merchant_id: int,
    attempt: int,
    redeemed_at: datetime,
    now: datetime,
) -> None:
    """Undo what a use had brought, once. Locks the member, then accounts."""
    assert coupon.member_id is not None, "only a member's coupon is used"
    match batch.kind:
        case "points":
            membership.take_back_credit(
                merchant_id=merchant_id, source=SOURCE, key=_key(coupon, attempt), now=now
            )
        case "experience_card":
            membership.end_granted_tier(
                merchant_id=merchant_id,
                member_id=coupon.member_id,
                programme_code=str(batch.terms["programme_code"]),
                tier=str(batch.terms["tier"]),
                valid_until=_lent_until(batch, redeemed_at),
                reason=f"coupon {coupon.id}",
                now=now,
            )
        case "red_packet":
            books.undo(
                packet_of(coupon, batch),
                merchant_id=merchant_id,
                attempt=attempt,
                now=now,
            )
        case _:
            pass


def packet_of(coupon: Coupon, batch: Batch) -> books.Packet:
    """What a red packet holds, for the books."""
    assert coupon.member_id is not None, "only a member's packet is owed"
    return packet(batch, coupon_id=coupon.id, member_id=coupon.member_id)


def _key(coupon: Coupon, attempt: int) -> str:
    return f"coupon:{coupon.id}:{attempt}"


def _days(batch: Batch) -> int | None:
    days = batch.terms.get("valid_days")
    return None if days is None else int(days)


def _lent_until(batch: Batch, redeemed_at: datetime) -> datetime:
    return lent_until(days=int(batch.terms["days"]), redeemed_at=redeemed_at)
