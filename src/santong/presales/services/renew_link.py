"""A buyer's link went astray: it opens nothing any more, and there is another."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.presales import contracts
from santong.presales.selectors.presales import presale_by_id
from santong.presales.services.lock import lock_presale


@all_or_nothing
def renew_link(*, merchant_id: int, presale_id: int, now: datetime) -> contracts.Presale:
    """Let the links of a presale order that were given so far open nothing any more.

    Raises NoSuch. Locks the presale order.
    """
    row = lock_presale(merchant_id=merchant_id, presale_id=presale_id)
    row.link_round += 1
    row.save(update_fields=["link_round"])
    audit.record(
        audit.Change(
            action="presales.renew_link",
            subject="presale",
            subject_id=row.id,
            reason=row.number,
            after={"state": row.state, "link_round": row.link_round},
        ),
        now=now,
    )
    return presale_by_id(merchant_id=merchant_id, presale_id=presale_id)
