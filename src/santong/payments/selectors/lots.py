"""What came in at once, and what is left of it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Min, Sum

from santong.payments.contracts import AccountKey, Expiring, Lot
from santong.payments.models import Lot as LotRow


def lots_of(*, merchant_id: int, account: AccountKey) -> list[Lot]:
    """The lots of an account from which something is left, in the order in which they are taken."""
    rows = LotRow.objects.of_merchant(merchant_id).filter(
        account__asset__code=account.asset,
        account__kind=account.kind,
        account__owner=account.owner,
        is_open=True,
    )
    return [
        Lot(
            id=row.id,
            account=account,
            amount=row.amount,
            rest=row.rest,
            held=row.held,
            expires_at=row.expires_at,
            earned_txn_id=row.txn_id,
        )
        for row in rows.order_by(F("expires_at").asc(nulls_last=True), "id")
    ]


def expiring(
    *,
    merchant_id: int,
    asset: str,
    before: datetime,
    after: datetime,
    limit: int,
    after_owner: str = "",
) -> list[Expiring]:
    """Who loses how much from `after` (included) until `before` (excluded), by owner.

    What is held is not counted. At most `limit` owners, from above `after_owner`.
    """
    rows = (
        LotRow.objects.of_merchant(merchant_id)
        .filter(
            asset__code=asset,
            is_open=True,
            rest__gt=F("held"),
            expires_at__gte=after,
            expires_at__lt=before,
            account__owner__gt=after_owner,
        )
        .values("account__owner")
        .annotate(left=Sum(F("rest") - F("held")), first=Min("expires_at"))
        .order_by("account__owner")[:limit]
    )
    return [
        Expiring(
            owner=row["account__owner"], amount=int(row["left"]), first_expires_at=row["first"]
        )
        for row in rows
    ]
