"""What was bought has come: from now on it can still be returned for a while."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.membership.models import Accrual
from santong.membership.rules.expiry import maturity_of
from santong.membership.selectors.terms import terms_by_id
from santong.membership.services.lock_current import lock_current


@all_or_nothing
def record_delivery(*, merchant_id: int, source: str, key: str, delivered_at: datetime) -> datetime:
    """Count the return period of a purchase from its delivery, where its terms count from there.

    Says when its points are certain. Points that are certain already stay so, and of two
    deliveries the first counts.

    Raises NoSuch (accrual), Busy. Locks the member.
    """
    rows = Accrual.objects.of_merchant(merchant_id).filter(source=source, key=key)
    member_id = rows.values_list("member_id", flat=True).first()
    if member_id is None:
        raise NoSuch(kind="accrual", key=key[:40])
    lock_current(merchant_id=merchant_id, member_ids=[member_id])
    row = rows.get()
    published = terms_by_id(merchant_id=merchant_id, terms_ids={row.terms_id})[row.terms_id]
    matures_at = maturity_of(
        published.terms.maturity,
        bought_at=row.bought_at,
        delivered_at=delivered_at,
        timezone=published.terms.timezone,
    )
    if row.state == "pending" and matures_at < row.matures_at:
        row.matures_at = matures_at
        row.save(update_fields=["matures_at"])
    found: datetime = row.matures_at
    return found
