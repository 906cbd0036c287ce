from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.simulation.contracts import Progress
from santong.simulation.rules.olist.tables import Payment
from santong.simulation.rules.paid.plan import CURRENCY, PaidOrder, in_parts, their_reference
from santong.simulation.services.begin_process import without_waiting_for_disk

AT_ONCE: Final = 25
MOST_PARTS: Final = 8
A_DAY: Final = timedelta(days=1)


def replay_payments(*, merchant_id: int, orders: Sequence[PaidOrder], progress: Progress) -> None:
    """Ask for the money of every order when it was bought, and take it in when it was approved.

    Several orders are a transaction. Broken off, it goes on where it was: what was asked and what
    came in is found under its number. Emits MoneyReceived.
    """
    with without_waiting_for_disk():
        for start in range(0, len(orders), AT_ONCE):
            part = orders[start : start + AT_ONCE]
            with tenancy.scope(merchant_id=merchant_id):
                for order in part:
                    pay_order(merchant_id=merchant_id, order=order)
            progress(len(part))


@all_or_nothing
def pay_order(*, merchant_id: int, order: PaidOrder) -> None:
    """Take in all that was paid for an order, each row as a part of its own; once.

    Emits MoneyReceived. Locks the order's intents, then accounts of the ledger.
    """
    for number, rows in enumerate(in_parts(order.payments, most=MOST_PARTS), start=1):
        intent = payments.open_intent(
            merchant_id=merchant_id,
            new=payments.NewIntent(
                key=f"{order.document}:{number}",
                document=order.document,
                currency=CURRENCY,
                amount_minor=sum(row.amount_minor for row in rows),
                subject="pedido Olist",
                expires_at=order.paid_at + A_DAY,
            ),
            now=order.asked_at,
        )
        for place, row in enumerate(rows, start=1):
            payments.add_tender(
                merchant_id=merchant_id,
                intent_id=intent.id,
                number=place,
                new=_tender(row),
                seen=payments.Seen(
                    state="paid",
                    their_reference=their_reference(row),
                    amount_minor=row.amount_minor,
                    at=order.paid_at,
                ),
                now=order.paid_at,
            )


def _tender(row: Payment) -> payments.NewTender:
    return payments.NewTender(
        account_code=row.method,
        amount_minor=row.amount_minor,
        way="none",
        instalments=row.instalments,
    )
