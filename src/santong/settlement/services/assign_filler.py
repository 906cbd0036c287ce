"""Goods leave a place: the shares of who fills them are that place's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.settlement.models import Part, Sale
from santong.settlement.selectors.places import place_by_id
from santong.settlement.services.book import book
from santong.settlement.services.lock_sale import document_of_order, lock_sale
from santong.settlement.services.split_part import first_of, waiting_parts


@all_or_nothing
def assign_filler(
    *,
    merchant_id: int,
    order_id: int,
    location_id: int,
    quantity_by_line: Mapping[int, int],
    key: str,
    now: datetime,
) -> None:
    """Share pieces that leave a place by who fills them, once for the key.

    What had been frozen for them is replaced under the same terms; together it stays what was
    paid. More than still waits is not assigned.

    Raises NoSuch. Locks the sale, shares, then accounts.
    """
    sale = lock_sale(merchant_id=merchant_id, document=document_of_order(order_id))
    if _is_known(merchant_id, sale, key):
        return
    filler = place_by_id(merchant_id=merchant_id, location_id=location_id)
    assert filler is not None
    for part in waiting_parts(merchant_id=merchant_id, sale=sale, kind="goods"):
        line_id = part.line.order_line_id
        pieces = quantity_by_line.get(line_id, 0) if line_id is not None else 0
        if pieces:
            first_of(sale=sale, part=part, pieces=pieces, key=key, filler=filler, now=now)
    book(merchant_id=merchant_id, sale=sale, kind="assigned", reason="", now=now)


def _is_known(merchant_id: int, sale: Sale, key: str) -> bool:
    return Part.objects.of_merchant(merchant_id).filter(sale=sale, key=key).exists()
