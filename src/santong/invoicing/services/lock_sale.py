"""The first thing that every change of a sale's invoices does."""

from __future__ import annotations

from santong.invoicing.models import Sale, SaleLine
from santong.kernel.errors import NoSuch


def lock_sale(*, merchant_id: int, sale_id: int) -> tuple[Sale, list[SaleLine]]:
    """Take a sale until the transaction ends, and read its lines. Always before invoices.

    Raises NoSuch.
    """
    row = Sale.objects.of_merchant(merchant_id).filter(id=sale_id).lock().first()
    if row is None:
        raise NoSuch(kind="sale", key=str(sale_id))
    lines = SaleLine.objects.of_merchant(merchant_id).filter(sale=row).order_by("number")
    return row, list(lines)
