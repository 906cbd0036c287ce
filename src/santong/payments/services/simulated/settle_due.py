"""Time passes at the simulated provider."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.models import SimulatedPayment, SimulatedRefund, SimulatedTransfer
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.holders import holder_of
from santong.payments.services.simulated.settle_refund import settle_refund
from santong.payments.services.simulated.settle_transfer import settle_transfer


@all_or_nothing
def settle_due(*, merchant_id: int, now: datetime, limit: int) -> int:
    """Let so many refunds and transfers go on whose time has come; how many did.

    Locks payments, then their refunds and transfers.
    """
    refunds = SimulatedRefund.objects.of_merchant(merchant_id).filter(
        state="working", settles_at__lte=now
    )
    transfers = SimulatedTransfer.objects.of_merchant(merchant_id).filter(settles_at__lte=now)
    found = list(refunds.order_by("payment_id", "id").values_list("reference", flat=True)[:limit])
    sent = list(transfers.order_by("payment_id", "id").values_list("reference", flat=True)[:limit])
    holder = _holders(merchant_id)
    return sum(
        [_refund_goes_on(merchant_id, reference, holder, now) for reference in found]
        + [_transfer_goes_on(merchant_id, reference, holder, now) for reference in sent]
    )


@all_or_nothing
def settle_refund_by_reference(*, holder: Holder, reference: str, now: datetime) -> None:
    """Let one refund go on, if its time has come. Locks its payment."""
    _refund_goes_on(holder.merchant_id, reference, lambda _: holder, now)


@all_or_nothing
def settle_transfer_by_reference(*, holder: Holder, reference: str, now: datetime) -> None:
    """Let one transfer go on, if its time has come. Locks its payment, then it."""
    _transfer_goes_on(holder.merchant_id, reference, lambda _: holder, now)


def _holders(merchant_id: int) -> Callable[[str], Holder]:
    known: dict[str, Holder] = {}

    def of(account_code: str) -> Holder:
        if account_code not in known:
            known[account_code] = holder_of(merchant_id=merchant_id, account_code=account_code)
        return known[account_code]

    return of


def _refund_goes_on(
    merchant_id: int, reference: str, holder: Callable[[str], Holder], now: datetime
) -> bool:
    """Whoever changes a refund holds its payment."""
    refunds = SimulatedRefund.objects.of_merchant(merchant_id).filter(reference=reference)
    asked = refunds.first()
    if asked is None or asked.state != "working" or now < asked.settles_at:
        return False
    payment = SimulatedPayment.objects.filter(pk=asked.payment_id).lock().get()
    refund = refunds.get()
    if refund.state != "working":
        return False
    settle_refund(holder=holder(refund.account_code), payment=payment, refund=refund, now=now)
    return True


def _transfer_goes_on(
    merchant_id: int, reference: str, holder: Callable[[str], Holder], now: datetime
) -> bool:
    transfers = SimulatedTransfer.objects.of_merchant(merchant_id).filter(reference=reference)
    asked = transfers.first()
    if asked is None or asked.settles_at is None or now < asked.settles_at:
        return False
    payment = None
    if asked.payment_id is not None:
        payment = SimulatedPayment.objects.filter(pk=asked.payment_id).lock().get()
    transfer = transfers.lock().get()
    if transfer.settles_at is None or now < transfer.settles_at:
        return False
    settle_transfer(
        holder=holder(transfer.account_code), payment=payment, transfer=transfer, now=now
    )
    return True
