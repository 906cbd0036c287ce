"""Where paying makes a member, and whom it has made one."""

from __future__ import annotations

from santong.kernel import crypto
from santong.storefront.contracts import PaidJoin
from santong.storefront.models import PaidJoin as PaidJoinRow
from santong.storefront.models import PayToJoin


def pay_to_join_at(
    *, merchant_id: int, storefront_id: int, location_id: int | None
) -> PayToJoin | None:
    """What holds at a place of a storefront: its own word, else that of the whole storefront."""
    rows = PayToJoin.objects.of_merchant(merchant_id).filter(storefront_id=storefront_id)
    by_place = {row.location_id: row for row in rows}
    found = by_place.get(location_id) if location_id is not None else None
    found = found or by_place.get(None)
    return found if found and found.is_on else None


def paid_join_of(*, merchant_id: int, order_id: int) -> PaidJoin | None:
    """Whom paying for an order made a member, if it did."""
    row = PaidJoinRow.objects.of_merchant(merchant_id).filter(order_id=order_id).first()
    return row.as_contract() if row else None


def has_declined(*, merchant_id: int, payer_index: bytes) -> bool:
    """Whether whoever pays has said that they do not want to be a member."""
    rows = PaidJoinRow.objects.of_merchant(merchant_id)
    return rows.filter(payer_index=payer_index, state="declined").exists()


def payer_index_of(*, merchant_id: int, payer: str) -> bytes:
    """What equal payers have in common."""
    return crypto.blind_index(merchant_id=merchant_id, value=payer, purpose="storefront.payer")
