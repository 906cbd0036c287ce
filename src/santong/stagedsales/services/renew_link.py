"""A buyer's link went astray: it opens nothing any more, and there is another."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.selectors.links import token_of
from santong.stagedsales.services.lock import lock_sale


@all_or_nothing
def renew_link(*, merchant_id: int, sale_id: int, now: datetime) -> str:
    """Let the links of a sale that were given so far open nothing any more; the new token.

    Raises NoSuch. Locks the sale.
    """
    row = lock_sale(merchant_id=merchant_id, sale_id=sale_id).sale
    row.link_round += 1
    row.save(update_fields=["link_round"])
    audit.record(
        audit.Change(
            action="stagedsales.renew_link",
            subject="staged_sale",
            subject_id=row.id,
            reason="another link for the buyer",
            after={"link_round": row.link_round},
        ),
        now=now,
    )
    return token_of(sale=row)
