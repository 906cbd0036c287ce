"""Cash at a till."""

from __future__ import annotations

import json
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.payments.contracts.providers import Access, Ask, BadSignature, Refused, Seen
from santong.payments.models import CashPayment
from santong.payments.providers.cash import Cash
from santong.payments.tests.at_providers import (
    Clock,
    make_access,
    make_ask,
    make_refund,
    make_transfer,
)
from santong.payments.tests.factories import NOW

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def cash() -> Cash:
    return Cash(clock=Clock())


@pytest.fixture
def access(merchant: int) -> Access:
    return make_access(merchant)


def token(**given: Any) -> str:
    return json.dumps({"till": "till-1", "tendered_minor": 20_000, "clerk": "staff:7", **given})


def pay(cash: Cash, access: Access) -> Ask:
    ask = make_ask(way="none", token=token())
    cash.ask(access=access, ask=ask)
    return ask


def test_what_a_clerk_takes_is_paid_and_the_change_is_recorded(cash: Cash, access: Access) -> None:
    ask = make_ask(way="none", token=token())

    shown, seen = cash.ask(access=access, ask=ask)

    assert shown.payload == "7100"
    assert (seen.state, seen.amount_minor, seen.fee_minor, seen.at) == ("paid", 12_900, 0, NOW)
    assert cash.query(access=access, reference=ask.reference) == seen
    assert cash.ask(access=access, ask=ask)[1] == seen
    with tenancy.scope(merchant_id=access.merchant_id):
        row = CashPayment.objects.of_merchant(access.merchant_id).get()
    assert (row.tendered_minor, row.change_minor, row.till) == (20_000, 7_100, "till-1")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"tendered_minor": 12_899}, "NOT_ENOUGH_CASH"),
        ({"tendered_minor": -1}, "TOKEN_INVALID"),
        ({"tendered_minor": 10**12}, "TOKEN_INVALID"),
        ({"till": ""}, "TOKEN_INVALID"),
        ({"till": "\x00"}, "TOKEN_INVALID"),
        ({"till": "4111111111111111"}, "CARD_NUMBER"),
    ],
)
def test_what_does_not_fit_is_refused(
    cash: Cash, access: Access, given: dict[str, Any], code: str
) -> None:
    ask = make_ask(way="none", token=token(**given))

    with pytest.raises(Refused) as refused:
        cash.ask(access=access, ask=ask)

    assert refused.value.code == code
    assert cash.query(access=access, reference=ask.reference) == Seen(state="unknown")


def test_no_more_is_paid_out_than_was_taken(cash: Cash, access: Access, at_once: Any) -> None:
    ask = pay(cash, access)
    asks = [make_refund(ask, 6_000) for _ in range(5)]

    results = at_once(*[lambda each=each: cash.refund(access=access, ask=each) for each in asks])

    assert sum(not isinstance(each, Exception) for each in results) == 2
    assert {each.code for each in results if isinstance(each, Refused)} == {"MORE_THAN_PAID"}


def test_the_day_of_a_till_adds_up(cash: Cash, access: Access) -> None:
    ask = pay(cash, access)
    cash.refund(access=access, ask=make_refund(ask, 900))

    text = cash.statement(access=access, day=NOW.date()).decode()

    assert text.split("\r\n")[0] == "#cash,main,2026-11-11,CNY,2,,"
    assert text.split("\r\n")[-2] == "#total,2,,,12000,0,"


def test_a_till_sends_nothing_and_is_told_nothing(cash: Cash, access: Access) -> None:
    with pytest.raises(Refused, match="NO_TRANSFERS"):
        cash.transfer(access=access, ask=make_transfer(100))
    with pytest.raises(BadSignature):
        cash.read_notice(access=access, headers={}, body=b"{}")
    with pytest.raises(Refused, match="NOT_AUTHORISED"):
        cash.capture(access=access, reference="R0", amount_minor=1)

    assert cash.query_transfer(access=access, reference="R0").state == "unknown"
    assert cash.reply(is_taken=False).status == 404
