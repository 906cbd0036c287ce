"""Invoices hear of refunds as payments tell them."""

from __future__ import annotations

from santong.invoicing import public as invoicing
from santong.invoicing import subscribers as heard
from santong.invoicing.models import Invoice
from santong.invoicing.tests.factories import NOW, ask, make_seller, work
from santong.kernel.facts import subscribers
from santong.membership.tests.factories import facts_told
from santong.orders import public as orders
from santong.orders.events import OrderCancelled, RefundOwed
from santong.orders.tests.factories import make_promised_order, make_shop
from santong.payments import public as payments
from santong.payments.events import MoneyReceived, RefundDone
from santong.payments.tests.factories import end_refunds


def sold_for_cash(merchant_id: int) -> orders.Order:
    """An order that is paid at the till, as orders hear of it."""
    make_shop(merchant_id)
    payments.open_payment_account(
        merchant_id=merchant_id,
        code="till",
        provider="cash",
        method="cash",
        currency="CNY",
        name="收银台",
        now=NOW,
    )
    order = make_promised_order(merchant_id)
    intent = orders.request_payment(
        merchant_id=merchant_id, order_id=order.id, key="till", tenders=[], now=NOW
    )
    payments.add_tender(
        merchant_id=merchant_id,
        intent_id=intent.id,
        number=1,
        new=payments.NewTender(account_code="till", amount_minor=19_900, way="none"),
        seen=payments.Seen(state="paid", amount_minor=19_900, at=NOW),
        now=NOW,
    )
    take_in = subscribers()["orders"]["payments.money_received.v1"]
    for fact in facts_told(merchant_id=merchant_id, kind=MoneyReceived):
        take_in(fact, merchant_id=merchant_id, now=NOW)
    return orders.order_by_id(merchant_id=merchant_id, order_id=order.id)


def hear(merchant_id: int) -> None:
    """Every fact twice, as a relay may tell it."""
    for fact in facts_told(merchant_id=merchant_id, kind=RefundDone) * 2:
        heard.follow_refund(fact, merchant_id=merchant_id, now=NOW)
    for fact in facts_told(merchant_id=merchant_id, kind=RefundOwed) * 2:
        heard.follow_refund_due(fact, merchant_id=merchant_id, now=NOW)
    for fact in facts_told(merchant_id=merchant_id, kind=OrderCancelled) * 2:
        heard.follow_cancellation(fact, merchant_id=merchant_id, now=NOW)


def red(merchant_id: int) -> list[int]:
    rows = Invoice.objects.of_merchant(merchant_id).filter(kind="red").order_by("id")
    return list(rows.values_list("total_minor", flat=True))


def test_a_refund_along_a_tender_is_taken_back_and_a_cancellation_the_rest(
    merchant_id: int,
) -> None:
    make_seller(merchant_id)
    order = sold_for_cash(merchant_id)
    ask(merchant_id, order)
    work(merchant_id)
    payments.refund(
        merchant_id=merchant_id,
        document=orders.document_of(order_id=order.id),
        key="goodwill",
        amount_minor=5_000,
        currency="CNY",
        reason="一处线头",
        now=NOW,
    )
    document = orders.document_of(order_id=order.id)
    end_refunds(merchant_id=merchant_id, document=document, now=NOW)

    hear(merchant_id)
    after_refund = red(merchant_id)
    orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason="不要了", now=NOW)
    hear(merchant_id)

    assert order.paid_at is not None
    assert after_refund == [5_000]
    assert red(merchant_id) == [5_000, 14_900]
    assert invoicing.check_invariants(merchant_id=merchant_id) == []
