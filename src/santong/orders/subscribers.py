"""What orders do when they hear of money."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.facts import subscribe
from santong.orders import contracts
from santong.orders.rules.holders import order_of_document
from santong.orders.services.record_payment import take_money
from santong.orders.services.remind_of_refund import remind_of_refund
from santong.payments.events import DisputeChanged, MoneyReceived


@subscribe(MoneyReceived)
def take_in(fact: MoneyReceived, *, merchant_id: int, now: datetime) -> None:
    """Money that came in for an order, on time or late, is the order's."""
    order_id = order_of_document(document=fact.document)
    if order_id is None:
        return
    take_money(
        merchant_id=merchant_id,
        order_id=order_id,
        payment=contracts.NewPayment(
            external_id=fact.reference,
            provider=fact.account_code,
            amount_minor=fact.amount_minor,
            currency=fact.currency,
            paid_at=fact.received_at,
        ),
        now=now,
    )


@subscribe(DisputeChanged)
def give_back_what_was_fought_about(
    fact: DisputeChanged, *, merchant_id: int, now: datetime
) -> None:
    """The shop has won: money that could not go back while it was fought about can."""
    order_id = order_of_document(document=fact.document)
    if fact.state == "won" and order_id is not None:
        remind_of_refund(merchant_id=merchant_id, order_id=order_id, now=now)
