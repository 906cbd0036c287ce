"""Less of a document's money is to stay than came in: the rest goes back."""

from __future__ import annotations

from datetime import datetime

from santong.payments import public as payments
from santong.stagedsales.contracts import document_of, subject_of
from santong.stagedsales.selectors.money import came_in
from santong.stagedsales.services.lock import Held
from santong.stagedsales.services.settle import write_money


def refund_document(
    held: Held, number: int, *, keep_minor: int, key: str, reason: str, now: datetime
) -> int:
    """Let so much of a document stay; how much of its money goes back now.

    The key is not that of money that nobody owed: partners' shares of this are taken back, too.

    Raises MoreThanReceived. Locks the document's intents, then accounts.
    """
    row = held.money[number]
    document = document_of(held.sale.id, number)
    found = came_in(merchant_id=held.merchant_id, sale_id=held.sale.id, document=document)
    there = found.received_minor - found.returning_minor
    back = max(0, min(there, there + found.given_minor - keep_minor))
    row.keep_minor = keep_minor
    if back:
        payments.refund(
            merchant_id=held.merchant_id,
            document=document,
            key=f"{subject_of(held.sale.id)}:{key}",
            amount_minor=back,
            currency=held.sale.currency,
            reason=reason,
            now=now,
        )
        found = came_in(merchant_id=held.merchant_id, sale_id=held.sale.id, document=document)
    write_money(held, row, found, now=now)
    return back
