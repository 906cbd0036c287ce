"""What a refund would do, before it is done."""

from __future__ import annotations

from santong.payments.contracts import METHODS, PlannedPart, RefundPlan
from santong.payments.models import Tender
from santong.payments.rules.books import document_account
from santong.payments.rules.refunds import Refundable, plan
from santong.payments.selectors.balances import balances


def refund_plan(
    *,
    merchant_id: int,
    document: str,
    currency: str,
    amount_minor: int,
    tender_id: int | None = None,
) -> RefundPlan:
    """Along which tenders so much would go back now, and how much could at most.

    It is a look, not a promise: what is asked for meanwhile is not there any more.
    """
    rows = list(
        Tender.objects.of_merchant(merchant_id)
        .filter(intent__document=document, intent__currency=currency, state="captured")
        .select_related("account")
        .order_by("id")
    )
    account = document_account(currency=currency, document=document)
    stands = balances(merchant_id=merchant_id, accounts=[account])[account].posted
    under_way = sum(row.refunding_minor - row.refunded_minor + row.disputed_minor for row in rows)
    chosen = [row for row in rows if tender_id in (None, row.id)]
    refundable = [refundable_of(row) for row in chosen]
    most = min(max(0, stands - under_way), sum(each.refundable_minor for each in refundable))
    by_id = {row.id: row.account for row in chosen}
    parts = plan(refundable, amount_minor=amount_minor) if 0 < amount_minor <= most else None
    return RefundPlan(
        refundable_minor=most,
        parts=tuple(
            PlannedPart(
                part.tender_id,
                by_id[part.tender_id].code,
                METHODS[METHODS.index(by_id[part.tender_id].method)],
                part.amount_minor,
            )
            for part in parts or ()
        ),
    )


def refundable_of(tender: Tender) -> Refundable:
    """What of a tender can still go back."""
    assert tender.captured_at is not None
    left = tender.captured_minor - tender.refunding_minor - tender.disputed_minor
    return Refundable(
        tender_id=tender.id,
        method=METHODS[METHODS.index(tender.account.method)],
        captured_at=tender.captured_at,
        refundable_minor=max(0, left),
        whole_only=tender.account.settings.get("refunds") == "whole",
    )
