"""Who calls a visit off late owes a fee, pays it once, and has back what is more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from santong.fieldservice import contracts
from santong.fieldservice.errors import NothingOwed
from santong.fieldservice.selectors.fees import fee_of
from santong.fieldservice.selectors.visits import visit_by_id
from santong.fieldservice.services.ask_fee import ask_fee
from santong.fieldservice.services.book_visit import book
from santong.fieldservice.services.cancel_visit import cancel
from santong.fieldservice.subscribers import see_fee
from santong.fieldservice.tests.factories import (
    NOW,
    local,
    make_service,
    make_team,
    make_visit,
    refused,
)
from santong.fieldservice.tests.test_pages import Buyer
from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.events import MoneyReceived
from santong.payments.tests.factories import pay_intent

AtOnce = Callable[..., list[Any]]
FEE = 5_000


def make_wallet(
    merchant_id: int, *, code: str = "wallet", method: payments.Method = "wechat_pay"
) -> None:
    payments.open_payment_account(
        merchant_id=merchant_id,
        code=code,
        provider="simulated",
        method=method,
        name=code,
        currency="CNY",
        now=NOW,
    )


def called_off(merchant_id: int, *, by: contracts.Side = "buyer") -> int:
    """A visit that was called off an hour before somebody came."""
    make_wallet(merchant_id)
    make_team(merchant_id)
    make_service(merchant_id, late_fee_minor=FEE)
    visit = make_visit(merchant_id)
    book(merchant_id=merchant_id, visit_id=visit.id, window_from=local(10), now=NOW)
    cancel(merchant_id=merchant_id, visit_id=visit.id, by=by, reason="出差", now=local(9))
    return visit.id


def ask(merchant_id: int, visit_id: int, *, account: str = "wallet") -> payments.Intent:
    return ask_fee(
        merchant_id=merchant_id, visit_id=visit_id, account_code=account, key=account, now=local(9)
    )


def pay(merchant_id: int, visit_id: int, intent: payments.Intent) -> None:
    pay_intent(merchant_id=merchant_id, intent_id=intent.id, now=local(9))
    fact = MoneyReceived(
        intent_id=intent.id,
        tender_id=intent.tenders[0].id,
        document=intent.document,
        account_code=intent.tenders[0].account_code,
        method=intent.tenders[0].method,
        reference="",
        currency="CNY",
        amount_minor=intent.amount_minor,
        received_at=local(9),
        is_late=False,
    )
    for _ in range(2):
        see_fee(fact, merchant_id=merchant_id, now=local(9))


def fee(merchant_id: int, visit_id: int) -> tuple[int, int, int]:
    visit = visit_by_id(merchant_id=merchant_id, visit_id=visit_id)
    found = fee_of(merchant_id=merchant_id, visit=visit, now=local(9))
    return found.owed_minor, found.paid_minor, found.open_minor


def test_a_late_fee_is_asked_for_once_and_paid(merchant_id: int) -> None:
    visit_id = called_off(merchant_id)
    assert fee(merchant_id, visit_id) == (FEE, 0, FEE)

    asked = ask(merchant_id, visit_id)
    again = ask(merchant_id, visit_id)
    pay(merchant_id, visit_id, asked)

    assert (asked.id, asked.amount_minor, asked.document) == (again.id, FEE, f"visit:{visit_id}")
    assert fee(merchant_id, visit_id) == (FEE, FEE, 0)
    with refused(NothingOwed):
        ask(merchant_id, visit_id)


def test_what_is_paid_by_two_ways_goes_back_once(merchant_id: int) -> None:
    visit_id = called_off(merchant_id)
    make_wallet(merchant_id, code="ali", method="alipay")
    first = ask(merchant_id, visit_id)
    second = ask(merchant_id, visit_id, account="ali")

    pay(merchant_id, visit_id, first)
    pay(merchant_id, visit_id, second)

    assert fee(merchant_id, visit_id) == (FEE, FEE, 0)
    (back,) = payments.refunds_of(merchant_id=merchant_id, document=f"visit:{visit_id}")
    assert back.amount_minor == FEE


def test_what_the_shop_calls_off_costs_nothing(merchant_id: int) -> None:
    visit_id = called_off(merchant_id, by="technician")

    with refused(NothingOwed):
        ask(merchant_id, visit_id)

    assert fee(merchant_id, visit_id) == (0, 0, 0)


def test_two_taps_at_once_ask_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        visit_id = called_off(merchant)

    def tap() -> int:
        with tenancy.scope(merchant_id=merchant):
            return ask(merchant, visit_id).id

    results = at_once(tap, tap, tap)

    assert len(set(results)) == 1


def test_the_buyers_page_says_what_it_costs_before_and_takes_it_after(merchant: int) -> None:
    buyer = Buyer(merchant)
    with tenancy.scope(merchant_id=merchant):
        make_wallet(merchant)
        make_service(merchant, late_fee_minor=FEE, free_change_hours=24 * 14)
        book(
            merchant_id=merchant,
            visit_id=buyer.visit_id,
            window_from=datetime.fromisoformat(buyer.window()),
            now=datetime.now(UTC),
        )
    assert "¥50.00" in buyer.open()

    asked_for = buyer.send(do="cancel", reason="")
    preparing = buyer.send(do="pay", account="wallet", key="1")
    with tenancy.scope(merchant_id=merchant):
        (intent,) = payments.intents_of(merchant_id=merchant, document=f"visit:{buyer.visit_id}")
        pay_intent(merchant_id=merchant, intent_id=intent.id, now=datetime.now(UTC))

    assert 'name="account" value="wallet"' in asked_for
    assert "微信支付" in preparing
    assert "费用已结清" in buyer.open()
    assert buyer.send(do="pay", account="wallet", key="2", expect=409)
    assert buyer.send(do="pay", account="somebody", key="3", expect=422)
