"""Record what a card terminal has approved."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Refused
from santong.payments.models import TerminalPayment
from santong.payments.rules.tokens import Approved


@all_or_nothing
def take_terminal(
    *,
    merchant_id: int,
    account_code: str,
    reference: str,
    approved: Approved,
    fee_minor: int,
    batch_on: date,
    now: datetime,
) -> TerminalPayment:
    """Record it once for its reference; a terminal's number pays for one thing a day.

    Raises Refused.
    """
    said = {
        "account_code": account_code,
        "terminal": approved.terminal,
        "trace": approved.trace,
        "amount_minor": approved.amount_minor,
        "batch_on": batch_on,
    }
    try:
        with transaction.atomic():
            payment, _ = TerminalPayment.objects.get_or_create(
                merchant_id=merchant_id,
                reference=reference,
                defaults={
                    **said,
                    "approval": approved.approval,
                    "card_tail": approved.card_tail,
                    "fee_minor": fee_minor,
                    "approved_at": approved.approved_at,
                    "recorded_at": now,
                },
            )
    except IntegrityError:
        raise Refused("TERMINAL_NUMBER_USED") from None
    if any(getattr(payment, name) != value for name, value in said.items()):
        raise Refused("REFERENCE_TAKEN")
    return payment
