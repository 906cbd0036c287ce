"""Reading claims against carriers and suppliers."""

from __future__ import annotations

from django.db.models import Count, Sum

from santong.aftersales import contracts
from santong.aftersales.models import Claim
from santong.kernel.errors import NoSuch


def claim_by_id(*, merchant_id: int, claim_id: int) -> contracts.Claim:
    """One claim. Raises NoSuch."""
    row = Claim.objects.of_merchant(merchant_id).filter(id=claim_id).first()
    if row is None:
        raise NoSuch(kind="claim", key=str(claim_id))
    found: contracts.Claim = row.as_contract()
    return found


def claims_page(
    *,
    merchant_id: int,
    state: str = "",
    case_id: int | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Claim]:
    """Claims, newest first."""
    rows = Claim.objects.of_merchant(merchant_id)
    if state:
        rows = rows.filter(state=state)
    if case_id is not None:
        rows = rows.filter(case=case_id)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    return [row.as_contract() for row in rows.order_by("-id")[:limit]]


def claim_sums(*, merchant_id: int) -> list[contracts.ClaimSum]:
    """What claims of each party come to, but for withdrawn ones."""
    rows = (
        Claim.objects.of_merchant(merchant_id)
        .exclude(state="withdrawn")
        .values("party", "party_code", "currency")
        .annotate(
            claims=Count("id"),
            asked=Sum("amount_minor"),
            granted=Sum("granted_minor"),
            received=Sum("received_minor"),
        )
        .order_by("party", "party_code", "currency")
    )
    return [
        contracts.ClaimSum(
            party=contracts.CLAIM_PARTIES[contracts.CLAIM_PARTIES.index(row["party"])],
            party_code=row["party_code"],
            currency=row["currency"],
            claims=row["claims"],
            asked_minor=row["asked"],
            granted_minor=row["granted"],
            received_minor=row["received"],
        )
        for row in rows
    ]
