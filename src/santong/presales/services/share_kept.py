"""What was kept of a deposit is income, and is shared like any other."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales.contracts import document_of
from santong.presales.models import Presale
from santong.presales.rules.amounts import share_of_kept
from santong.presales.services.lock import lock_presale_of
from santong.settlement import public as settlement


@all_or_nothing
def share_kept(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """Share what was kept of an ended presale order, once; it is due at once.

    It waits while the buyer fights about it at the provider, and until payments has heard of all
    the money. What went back beside what is owed, by a refund of its own or in a dispute, is no
    income any more.

    Emits SharesFrozen. Locks the presale order, then accounts of parties.
    """
    row = lock_presale_of(merchant_id=merchant_id, order_id=order_id)
    if row is None or not row.kept_minor or row.shared_minor is not None:
        return
    document = document_of(order_id=order_id)
    disputes = payments.disputes_of(merchant_id=merchant_id, document=document)
    if any(each.state == "opened" for each in disputes):
        return
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    received = sum(
        intent.received_minor
        for intent in payments.intents_of(merchant_id=merchant_id, document=document)
    )
    if received < order.paid_minor:
        return
    lost = sum(each.amount_minor for each in disputes if each.state == "lost")
    row.shared_minor = share_of_kept(
        kept_minor=row.kept_minor,
        received_minor=received,
        gone_minor=lost + _refunded_beside(merchant_id, document),
        owed_minor=order.refund_due_minor,
    )
    row.save(update_fields=["shared_minor"])
    if row.shared_minor:
        _share(row, order, now)
    _record(row, now)


@all_or_nothing
def share_all_kept(*, merchant_id: int, now: datetime, limit: int = 200) -> int:
    """Share what had to wait; how many presale orders were looked at.

    Emits SharesFrozen. Locks the presale orders, then accounts of parties.
    """
    waiting = Presale.objects.of_merchant(merchant_id).filter(kept_minor__gt=0, shared_minor=None)
    order_ids = list(waiting.order_by("id").values_list("order_id", flat=True)[:limit])
    for order_id in order_ids:
        share_kept(merchant_id=merchant_id, order_id=order_id, now=now)
    return len(order_ids)


def _refunded_beside(merchant_id: int, document: str) -> int:
    """What somebody gave back although nobody owed it."""
    return sum(
        refund.amount_minor - refund.failed_minor - refund.given_up_minor
        for refund in payments.refunds_of(merchant_id=merchant_id, document=document)
        if not refund.key.startswith(f"due:{document}:")
    )


def _share(row: Presale, order: orders.Order, now: datetime) -> None:
    assert row.shared_minor is not None
    document = document_of(order_id=row.order_id)
    settlement.share_document(
        merchant_id=row.merchant_id,
        document=document,
        storefront_id=order.storefront_id,
        seller_location_id=order.seller_location_id,
        clerk=order.guide_code,
        currency=row.currency,
        lines=[settlement.NewSaleLine(paid_minor=row.shared_minor)],
        paid_at=row.deposit_paid_at or row.joined_at,
        rules_at=row.joined_at,
        now=now,
    )
    settlement.record_acceptance(merchant_id=row.merchant_id, document=document, accepted_at=now)


def _record(row: Presale, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="presales.share_kept",
            subject="presale",
            subject_id=row.id,
            reason=row.number,
            after={"state": row.state, "shared_minor": row.shared_minor},
        ),
        now=now,
    )
