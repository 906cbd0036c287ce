"""A reversal is undone: the refund failed, or the dispute was won."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import outbox
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.settlement.events import SharesRestored
from santong.settlement.models import Reversal
from santong.settlement.services.book import book
from santong.settlement.services.lock_sale import lock_sale


@all_or_nothing
def restore_shares(*, merchant_id: int, document: str, key: str, reason: str, now: datetime) -> int:
    """Let shares stand again that a reversal took back, once; say what is left of the sale.

    Where nothing else went back meanwhile, every share is again exactly what it was.

    Raises NoSuch (shared sale, reversal). Emits SharesRestored. Locks the sale, shares, accounts.
    """
    sale = lock_sale(merchant_id=merchant_id, document=document)
    row = Reversal.objects.of_merchant(merchant_id).filter(sale=sale, key=key).first()
    if row is None:
        raise NoSuch(kind="reversal", key=key)
    if row.restored_at is not None:
        return sale.left_minor
    row.restored_at = now
    row.save(update_fields=["restored_at"])
    given = book(merchant_id=merchant_id, sale=sale, kind="restored", reason=reason, now=now)
    outbox.publish(
        SharesRestored(
            document=document,
            sale_id=sale.id,
            key=key,
            currency=sale.currency,
            amount_minor=given,
            left_minor=sale.left_minor,
        ),
        now=now,
    )
    return sale.left_minor
