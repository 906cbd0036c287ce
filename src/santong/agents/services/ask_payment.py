"""Ask the buyer of a placed session for the money, by the account that they chose."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.agents.errors import SessionEnded, SessionGone
from santong.agents.models import CheckoutSession
from santong.agents.selectors.sessions import state_now
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.payments import public as payments

ASKED_FOR: Final = timedelta(minutes=30)


@all_or_nothing
def ask_payment(
    *,
    merchant_id: int,
    row_id: int,
    account_code: str,
    key: str,
    return_url: str,
    now: datetime,
) -> payments.Intent:
    """Open a payment for what is still to be paid of a session's order, once for the key.

    A link to the same account that can still be paid is given again; one to another account is
    given up. Nothing is asked for beyond the time for which the goods are kept.

    Raises SessionGone, SessionEnded, and what asking for an order's payment raises. Emits
    IntentEnded, MoneyReceived. Locks the session, the intents, the order.
    """
    row = _locked(merchant_id, row_id)
    state = state_now(merchant_id=merchant_id, session=row.as_contract(), now=now)
    if state != "placed" or row.order_id is None:
        raise SessionEnded(state=state)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=row.order_id)
    amount = order.total_minor - order.paid_minor
    document = orders.document_of(order_id=order.id)
    for intent in payments.intents_of(merchant_id=merchant_id, document=document):
        if intent.state != "open":
            continue
        codes = {tender.account_code for tender in intent.tenders}
        if codes == {account_code} and intent.amount_minor == amount and now < intent.expires_at:
            return intent
        payments.cancel_intent(
            merchant_id=merchant_id,
            intent_id=intent.id,
            reason="the buyer pays another way",
            now=now,
        )
    until = now + ASKED_FOR
    return orders.request_payment(
        merchant_id=merchant_id,
        order_id=order.id,
        key=f"ucp:{key}",
        tenders=[payments.NewTender(account_code=account_code, amount_minor=amount, way="page")],
        expires_at=min(until, order.hold_until) if order.hold_until else until,
        return_url=return_url,
        now=now,
    )


def _locked(merchant_id: int, row_id: int) -> CheckoutSession:
    """So that what is asked for and what is given up follow one another."""
    rows = CheckoutSession.objects.of_merchant(merchant_id).filter(
        id=row_id, erased_at__isnull=True
    )
    row: CheckoutSession | None = next(iter(rows.lock()), None)
    if row is None:
        raise SessionGone
    return row
