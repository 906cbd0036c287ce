"""What broken terms of a document have cost in money, or are about to."""

from __future__ import annotations

from django.db.models import Sum

from santong.agreements import contracts
from santong.agreements.models import Breach, Compensation
from santong.agreements.rules.terms import is_on_top

_COSTS = ("owed", "paying", "failed", "nothing_left", "done")


def compensations_of(*, merchant_id: int, document: str) -> list[contracts.Compensated]:
    """Money of breaches of a document's agreements: what was asked back, and what is yet to be.

    Of what could not be paid in full only what was asked for counts.
    """
    rows = (
        Breach.objects.of_merchant(merchant_id)
        .filter(agreement__document=document, state__in=_COSTS, amount_minor__gt=0)
        .select_related("agreement", "term")
        .order_by("id")
    )
    asked = dict(
        Compensation.objects.of_merchant(merchant_id)
        .filter(breach__in=[row.id for row in rows])
        .values_list("breach")
        .annotate(minor=Sum("amount_minor"))
    )
    found = [
        contracts.Compensated(
            breach_id=row.id,
            reference=f"agreement:{row.agreement_id}/{row.term.number}",
            remedy=row.term.as_contract().remedy,
            amount_minor=row.amount_minor if row.state == "owed" else asked.get(row.id, 0),
            is_on_top=is_on_top(row.term.as_contract()),
            goods=tuple(contracts.OwedGoods(**each) for each in row.goods),
        )
        for row in rows
    ]
    return [each for each in found if each.amount_minor]
