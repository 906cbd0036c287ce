"""A sale is locked before anything of it is decided."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.settlement.models import Sale


def document_of_order(order_id: int) -> str:
    """How an order is named where money is written down."""
    return f"order:{order_id}"


def lock_sale(*, merchant_id: int, document: str) -> Sale:
    """Take a sale until the transaction ends. Raises NoSuch."""
    row = Sale.objects.of_merchant(merchant_id).filter(document=document).lock().first()
    if row is None:
        raise NoSuch(kind="shared sale", key=document)
    return row
