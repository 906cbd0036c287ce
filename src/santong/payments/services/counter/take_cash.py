"""Record the cash that a clerk took."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Refused
from santong.payments.models import CashPayment
from santong.payments.rules.tokens import Tendered


@all_or_nothing
def take_cash(
    *,
    merchant_id: int,
    account_code: str,
    reference: str,
    amount_minor: int,
    tendered: Tendered,
    now: datetime,
) -> CashPayment:
    """Record it once for its reference, with the change that was given. Raises Refused."""
    change = tendered.tendered_minor - amount_minor
    if amount_minor <= 0 or change < 0:
        raise Refused("NOT_ENOUGH_CASH")
    payment, _ = CashPayment.objects.get_or_create(
        merchant_id=merchant_id,
        reference=reference,
        defaults={
            "account_code": account_code,
            "till": tendered.till,
            "clerk": tendered.clerk,
            "amount_minor": amount_minor,
            "tendered_minor": tendered.tendered_minor,
            "change_minor": change,
            "taken_at": now,
        },
    )
    if (payment.account_code, payment.amount_minor) != (account_code, amount_minor):
        raise Refused("REFERENCE_TAKEN")
    return payment
