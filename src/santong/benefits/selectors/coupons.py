"""Coupons, their steps, and the wallet of a member."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.benefits import contracts
from santong.benefits.contracts import (
    BRING_AT_ONCE,
    Brought,
    Coupon,
    CouponEvent,
    Shown,
    WalletEntry,
    WalletState,
)
from santong.benefits.models import Coupon as CouponRow
from santong.benefits.models import CouponEvent as EventRow
from santong.benefits.models.codes import code_of, index_of
from santong.benefits.rules import codes
from santong.benefits.rules.validity import lent_until, wallet_state
from santong.benefits.selectors.standing import in_states
from santong.benefits.selectors.supplies import supplier_codes
from santong.kernel.errors import NoSuch

SHOWS_CODE = ("usable", "upcoming", "held")
HIDES_SUPPLIER_CODE = ("frozen", "void")
_LARGEST_ID = 2**63 - 1


def coupon_by_id(*, merchant_id: int, coupon_id: int) -> Coupon:
    """Raises NoSuch."""
    return row_by_id(merchant_id=merchant_id, coupon_id=coupon_id).as_contract()


def row_by_id(*, merchant_id: int, coupon_id: int) -> CouponRow:
    """Raises NoSuch."""
    row: CouponRow | None = (
        CouponRow.objects.of_merchant(merchant_id)
        .select_related("batch")
        .filter(id=coupon_id)
        .first()
    )
    if row is None:
        raise NoSuch(kind="coupon", key=str(coupon_id))
    return row


def coupon_by_key(*, merchant_id: int, key: str) -> Coupon | None:
    """What a command with this key was given."""
    row = CouponRow.objects.of_merchant(merchant_id).filter(key=key).first()
    return row.as_contract() if row else None


def coupon_by_code(*, merchant_id: int, code: str) -> Coupon | None:
    """The coupon that a code opens. Who tries codes is counted by whoever calls this."""
    plain = codes.normalised(code)
    if not codes.is_code(plain):
        return None
    index = index_of(merchant_id=merchant_id, code=plain)
    row = CouponRow.objects.of_merchant(merchant_id).filter(code_index=index).first()
    return row.as_contract() if row else None


def coupons_of_holder(*, merchant_id: int, holder: str) -> list[Coupon]:
    """What an order holds or has used, oldest first."""
    rows = CouponRow.objects.of_merchant(merchant_id).filter(holder=holder).exclude(holder="")
    return [row.as_contract() for row in rows.order_by("id")]


def coupons_by_id(*, merchant_id: int, coupon_ids: Collection[int]) -> dict[int, Coupon]:
    """Those that are there."""
    rows = CouponRow.objects.of_merchant(merchant_id).filter(id__in=coupon_ids)
    return {row.id: row.as_contract() for row in rows}


def shown(*, merchant_id: int, coupon_id: int) -> Shown:
    """A coupon with its code, for its member. Raises NoSuch."""
    row = row_by_id(merchant_id=merchant_id, coupon_id=coupon_id)
    code = code_of(merchant_id=merchant_id, nonce=bytes(row.nonce))
    return Shown(coupon=row.as_contract(), code=codes.grouped(code))


def brought_by(*, merchant_id: int, coupon_id: int) -> Brought | None:
    """What a coupon that stands used brought at once; None where it does not, or brings nothing.

    Raises NoSuch.
    """
    row = row_by_id(merchant_id=merchant_id, coupon_id=coupon_id)
    if row.state != "redeemed" or row.batch.kind not in BRING_AT_ONCE:
        return None
    terms = row.batch.terms
    is_tier = row.batch.kind == "experience_card"
    assert row.redeemed_at is not None, "what was used was used at a moment"
    return Brought(
        programme_code=str(terms["programme_code"]),
        points=0 if is_tier else int(terms["points"]),
        tier=str(terms["tier"]) if is_tier else "",
        tier_until=(
            lent_until(days=int(terms["days"]), redeemed_at=row.redeemed_at) if is_tier else None
        ),
    )


def events_of(*, merchant_id: int, coupon_id: int) -> list[CouponEvent]:
    """Every step of a coupon, oldest first."""
    rows = EventRow.objects.of_merchant(merchant_id).filter(coupon_id=coupon_id).order_by("id")
    return [
        CouponEvent(
            id=row.id,
            kind=row.kind,  # type: ignore[arg-type]
            from_state=row.from_state,
            to_state=contracts.COUPON_STATES[contracts.COUPON_STATES.index(row.to_state)],
            at=row.at,
            actor=row.actor,
            reason=row.reason,
            holder=row.holder,
            amount_minor=row.amount_minor,
            channel=row.channel,
            location_id=row.location_id,
        )
        for row in rows
    ]


def wallet(
    *,
    merchant_id: int,
    member_id: int,
    now: datetime,
    states: Collection[WalletState] = (),
    before_id: int = _LARGEST_ID,
    limit: int = 50,
) -> list[WalletEntry]:
    """What a member holds or held (卡券包), newest first; only what can be used shows its code.

    With `states`, those alone that stand so at this moment.
    """
    rows = (
        CouponRow.objects.of_merchant(merchant_id)
        .filter(in_states(states, now=now), member_id=member_id, id__lt=before_id)
        .select_related("batch")
        .order_by("-id")[:limit]
    )
    found = list(rows)
    delivered = supplier_codes(
        merchant_id=merchant_id,
        coupon_ids=[row.id for row in found if row.batch.supply_id is not None],
    )
    return [_entry(row, delivered.get(row.id), now) for row in found]


def _entry(row: CouponRow, supplier_code: str | None, now: datetime) -> WalletEntry:
    state: WalletState = wallet_state(
        state=row.state,
        is_frozen=row.is_frozen,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        now=now,
    )
    code = None
    if state in SHOWS_CODE:
        code = codes.grouped(code_of(merchant_id=row.merchant_id, nonce=bytes(row.nonce)))
    return WalletEntry(
        coupon_id=row.id,
        batch_id=row.batch_id,
        batch_code=row.batch.code,
        name=row.batch.name,
        kind=contracts.KINDS[contracts.KINDS.index(row.batch.kind)],
        terms=row.batch.terms,
        currency=row.batch.currency,
        state=state,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        code=code,
        supplier_code=supplier_code if state not in HIDES_SUPPLIER_CODE else None,
    )
