"""What is not sent is not shared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing
from santong.settlement.events import SharesReversed
from santong.settlement.services.book import book
from santong.settlement.services.lock_sale import document_of_order, lock_sale
from santong.settlement.services.split_part import cancel_last_of, waiting_parts


@all_or_nothing
def cancel_pieces(
    *,
    merchant_id: int,
    order_id: int,
    quantity_by_line: Mapping[int, int],
    is_whole: bool,
    now: datetime,
) -> int:
    """Take back the shares of pieces that will not be sent; say how much that was.

    The freight stays shared as long as one piece is sent. What has left a place is not cancelled,
    so the same cancellation again takes nothing back.

    Raises NoSuch. Emits SharesReversed. Locks the sale, shares, then accounts.
    """
    sale = lock_sale(merchant_id=merchant_id, document=document_of_order(order_id))
    for part in waiting_parts(merchant_id=merchant_id, sale=sale, kind="goods"):
        line_id = part.line.order_line_id
        pieces = quantity_by_line.get(line_id, 0) if line_id is not None else 0
        if pieces:
            cancel_last_of(sale=sale, part=part, pieces=pieces, now=now)
    if is_whole:
        for part in waiting_parts(merchant_id=merchant_id, sale=sale, kind="freight"):
            cancel_last_of(sale=sale, part=part, pieces=part.pieces, now=now)
    taken = -book(merchant_id=merchant_id, sale=sale, kind="cancelled", reason="", now=now)
    if taken:
        outbox.publish(
            SharesReversed(
                document=sale.document,
                sale_id=sale.id,
                key="cancelled",
                currency=sale.currency,
                amount_minor=taken,
                left_minor=sale.left_minor,
            ),
            now=now,
        )
    return taken
