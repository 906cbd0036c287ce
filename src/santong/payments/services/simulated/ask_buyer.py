"""The simulated provider asks a buyer."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts.providers import Ask, Refused, Seen
from santong.payments.models import SimulatedPayment
from santong.payments.rules.simulated.terms import Holder
from santong.payments.selectors.simulated.seen import payment_seen
from santong.payments.services.simulated.take_payment import take_payment

WAYS = ("qr", "page", "app", "scan")


@all_or_nothing
def ask_buyer(
    *, holder: Holder, ask: Ask, currency: str, page_token: str, now: datetime
) -> tuple[str, Seen]:
    """Ask once for a reference; the token of the buyer's page, and how the payment stands.

    A code that the buyer has shown is paid with at once. Raises Refused. Locks the payment.
    """
    if ask.way not in WAYS:
        raise Refused("WAY_NOT_OFFERED", ask.way)
    if ask.amount_minor <= 0:
        raise Refused("AMOUNT_INVALID")
    payment, is_new = SimulatedPayment.objects.get_or_create(
        merchant_id=holder.merchant_id,
        reference=ask.reference,
        defaults={
            "account_code": holder.account_code,
            "page_token": page_token,
            "currency": currency,
            "subject": ask.subject,
            "way": ask.way,
            "mood": ask.token if ask.token.startswith("mood:") else "",
            "return_url": ask.return_url,
            "amount_minor": ask.amount_minor,
            "is_authorisation": ask.authorise_only,
            "asked_at": now,
            "expires_at": ask.expires_at,
        },
    )
    if is_new:
        is_here = ask.way == "scan" or holder.terms.buyer == "pays"
        if is_here and now < ask.expires_at:
            take_payment(holder=holder, payment=payment, now=now)
    elif not _is_the_same(payment, holder, ask, currency):
        raise Refused("REFERENCE_TAKEN")
    return payment.page_token, payment_seen(payment, now=now)


def _is_the_same(payment: SimulatedPayment, holder: Holder, ask: Ask, currency: str) -> bool:
    return (
        payment.account_code == holder.account_code
        and payment.amount_minor == ask.amount_minor
        and payment.currency == currency
        and payment.is_authorisation == ask.authorise_only
    )
