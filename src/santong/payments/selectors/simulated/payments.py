"""Payments, refunds and transfers of the simulated provider, by our references."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.payments.contracts.providers import Seen, SeenDispute, SeenMove
from santong.payments.models import (
    SimulatedDispute,
    SimulatedPayment,
    SimulatedRefund,
    SimulatedTransfer,
)
from santong.payments.selectors.simulated.seen import (
    dispute_seen,
    payment_seen,
    refund_seen,
    transfer_seen,
)


def payment_by_reference(
    *, merchant_id: int, account_code: str, reference: str, now: datetime
) -> Seen:
    """How a payment stands; `unknown` if it was never asked for."""
    payments = SimulatedPayment.objects.of_merchant(merchant_id)
    found = payments.filter(account_code=account_code, reference=reference).first()
    return Seen(state="unknown") if found is None else payment_seen(found, now=now)


def refund_by_reference(*, merchant_id: int, account_code: str, reference: str) -> SeenMove:
    """How a refund stands; `unknown` if it was never asked for."""
    refunds = SimulatedRefund.objects.of_merchant(merchant_id)
    found = refunds.filter(account_code=account_code, reference=reference).first()
    return SeenMove(state="unknown") if found is None else refund_seen(found)


def transfer_by_reference(*, merchant_id: int, account_code: str, reference: str) -> SeenMove:
    """How a transfer stands; `unknown` if it was never asked for."""
    transfers = SimulatedTransfer.objects.of_merchant(merchant_id)
    found = transfers.filter(account_code=account_code, reference=reference).first()
    return SeenMove(state="unknown") if found is None else transfer_seen(found)


def payment_by_page(*, merchant_id: int, page_token: str) -> SimulatedPayment | None:
    """The payment of a buyer's page."""
    payments = SimulatedPayment.objects.of_merchant(merchant_id)
    return payments.filter(page_token=page_token).first()


def disputes_since(*, merchant_id: int, account_code: str, since: datetime) -> list[SeenDispute]:
    """Disputes that were opened or decided since an instant, oldest first."""
    rows = SimulatedDispute.objects.of_merchant(merchant_id).filter(account_code=account_code)
    found = rows.filter(Q(opened_at__gte=since) | Q(ended_at__gte=since))
    return [
        dispute_seen(row, payment_reference=row.payment.reference)
        for row in found.select_related("payment").order_by("id")
    ]


def is_disputed(*, merchant_id: int, payment_id: int) -> bool:
    """Whether a dispute about a payment is open."""
    disputes = SimulatedDispute.objects.of_merchant(merchant_id)
    return disputes.filter(payment_id=payment_id, state="opened").exists()
