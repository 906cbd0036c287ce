"""Payments that a card terminal has approved."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from psycopg import sql

from santong.kernel import tenancy
from santong.kernel.models import MerchantOwned
from santong.payments.contracts.providers import Access, Ask, RefundAsk, Refused, Seen
from santong.payments.providers.terminal import Terminal
from santong.payments.rules.card_numbers import looks_like_a_card_number
from santong.payments.tests.at_providers import (
    Clock,
    make_access,
    make_ask,
    make_refund,
    terminal_token,
)
from santong.payments.tests.factories import NOW

pytestmark = pytest.mark.usefixtures("database")

CARD = "4111 1111 1111 1111"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def terminal(clock: Clock) -> Terminal:
    return Terminal(clock=clock)


@pytest.fixture
def access(merchant: int) -> Access:
    return make_access(merchant, fee_per_million="6000")


def pay(terminal: Terminal, access: Access, **token: Any) -> Ask:
    ask = make_ask(way="terminal", token=terminal_token(**token))
    terminal.ask(access=access, ask=ask)
    return ask


def test_what_a_terminal_has_approved_is_paid(terminal: Terminal, access: Access) -> None:
    ask = make_ask(way="terminal", token=terminal_token(trace="000042"))

    shown, seen = terminal.ask(access=access, ask=ask)

    assert (shown.way, shown.payload) == ("terminal", "")
    assert seen == Seen(
        state="paid",
        their_reference="T0000017/000042/1111",
        amount_minor=12_900,
        fee_minor=77,
        payer="1111",
        at=NOW,
    )
    assert terminal.query(access=access, reference=ask.reference) == seen
    assert terminal.ask(access=access, ask=ask)[1] == seen
    assert terminal.close(access=access, reference=ask.reference) == seen


def test_what_no_terminal_has_approved_is_unknown(terminal: Terminal, access: Access) -> None:
    assert terminal.query(access=access, reference="R0") == Seen(state="unknown")
    assert terminal.close(access=access, reference="R0") == Seen(state="closed")


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ({"amount_minor": 12_901}, "AMOUNT_DIFFERS"),
        ({"amount_minor": "12900"}, "TOKEN_INVALID"),
        ({"amount_minor": True}, "TOKEN_INVALID"),
        ({"terminal": ""}, "TOKEN_INVALID"),
        ({"terminal": "T" * 12}, "TOKEN_INVALID"),
        ({"trace": "1\x00"}, "TOKEN_INVALID"),
        ({"tail": "11111"}, "TOKEN_INVALID"),
        ({"at": "yesterday"}, "TOKEN_INVALID"),
        ({"at": "2026-11-11T07:27:00"}, "TOKEN_INVALID"),
        ({"at": (NOW - timedelta(days=4)).isoformat()}, "TIME_INVALID"),
        ({"at": (NOW + timedelta(hours=1)).isoformat()}, "TIME_INVALID"),
        ({"expiry": "12/29"}, "TOKEN_INVALID"),
        ({"pan": CARD}, "CARD_NUMBER"),
    ],
)
def test_a_token_that_does_not_fit_is_refused(
    terminal: Terminal, access: Access, token: dict[str, Any], code: str
) -> None:
    ask = make_ask(way="terminal", token=terminal_token(**token))

    with pytest.raises(Refused) as refused:
        terminal.ask(access=access, ask=ask)

    assert refused.value.code == code
    assert terminal.query(access=access, reference=ask.reference).state == "unknown"


@pytest.mark.parametrize("token", ["", "null", "[]", "{", "[" * 590, "x" * 601])
def test_what_is_no_token_is_refused(terminal: Terminal, access: Access, token: str) -> None:
    with pytest.raises(Refused, match="TOKEN_INVALID"):
        terminal.ask(access=access, ask=make_ask(way="terminal", token=token))


def test_a_terminals_number_pays_for_one_thing(terminal: Terminal, access: Access) -> None:
    pay(terminal, access, trace="000099")
    again = make_ask(way="terminal", token=terminal_token(trace="000099"))

    with pytest.raises(Refused, match="TERMINAL_NUMBER_USED"):
        terminal.ask(access=access, ask=again)

    assert terminal.query(access=access, reference=again.reference).state == "unknown"


def test_a_reference_is_used_once(terminal: Terminal, access: Access) -> None:
    ask = pay(terminal, access)
    other = make_ask(ask.reference, way="terminal", token=terminal_token())

    with pytest.raises(Refused, match="REFERENCE_TAKEN"):
        terminal.ask(access=access, ask=other)


def test_the_whole_is_voided_on_the_same_day_and_costs_nothing(
    terminal: Terminal, access: Access
) -> None:
    ask = pay(terminal, access)

    moved = terminal.refund(access=access, ask=make_refund(ask, 12_900))

    assert (moved.state, moved.amount_minor, moved.fee_minor) == ("done", 12_900, -77)
    assert moved.their_reference.startswith("void")


def test_a_part_is_refunded_and_so_is_the_whole_once_the_batch_is_closed(
    terminal: Terminal, access: Access, clock: Clock
) -> None:
    first, second = pay(terminal, access), pay(terminal, access)

    part = terminal.refund(access=access, ask=make_refund(first, 900))
    clock.move(days=1)
    whole = terminal.refund(access=access, ask=make_refund(second, 12_900))

    assert part.their_reference.startswith("refund")
    assert whole.their_reference.startswith("refund")
    assert (part.fee_minor, whole.fee_minor) == (0, 0)


def test_no_more_goes_back_than_was_paid_and_each_once(terminal: Terminal, access: Access) -> None:
    ask = pay(terminal, access)
    part = make_refund(ask, 12_000)

    first = terminal.refund(access=access, ask=part)
    again = terminal.refund(access=access, ask=part)
    with pytest.raises(Refused, match="MORE_THAN_PAID"):
        terminal.refund(access=access, ask=make_refund(ask, 901))

    assert again == first
    found = terminal.query_refund(
        access=access, reference=part.reference, payment_reference=ask.reference
    )
    assert found == first


def test_refunds_at_once_never_give_back_more_than_was_paid(
    terminal: Terminal, access: Access, at_once: Any
) -> None:
    ask = pay(terminal, access)
    asks = [make_refund(ask, 5_000) for _ in range(6)]

    results = at_once(
        *[lambda each=each: terminal.refund(access=access, ask=each) for each in asks]
    )

    refused = [each for each in results if isinstance(each, Refused)]
    assert len(refused) == 4
    assert {each.code for each in refused} == {"MORE_THAN_PAID"}


def test_one_number_handed_in_for_two_things_at_once_pays_for_one(
    terminal: Terminal, access: Access, at_once: Any
) -> None:
    token = terminal_token()
    asks = [make_ask(way="terminal", token=token) for _ in range(4)]

    results = at_once(*[lambda each=each: terminal.ask(access=access, ask=each) for each in asks])

    assert sorted(isinstance(each, Refused) for each in results) == [False, True, True, True]


def test_a_batch_is_a_day_in_the_shops_own_time(
    terminal: Terminal, access: Access, clock: Clock
) -> None:
    # 23:59:30 and 00:00:30 in China.
    late = NOW.replace(hour=15, minute=59, second=30)
    clock.now = late + timedelta(minutes=5)
    first = pay(terminal, access, trace="000201", at=late.isoformat())
    pay(terminal, access, trace="000202", at=(late + timedelta(minutes=1)).isoformat())
    terminal.refund(access=access, ask=make_refund(first, 100, reference="back"))

    days = [terminal.statement(access=access, day=(NOW + timedelta(days=n)).date()) for n in (0, 1)]

    head, columns, *lines, total = days[0].decode().split("\r\n")[:-1]
    assert head == "#terminal,main,2026-11-11,CNY,1,,"
    assert columns == "type,our_reference,their_reference,time,amount_minor,fee_minor,detail"
    assert len(lines) == 1
    assert lines[0].startswith(f"payment,{first.reference},T0000017/000201/1111,")
    assert total == "#total,1,,,12900,77,"
    assert days[1].decode().split("\r\n")[-2] == "#total,2,,,12800,77,"


@pytest.mark.parametrize(
    "hidden",
    [
        {"token": CARD},
        {"token": json.dumps({"terminal": "\uff14111 1111 1111 1111"}, ensure_ascii=True)},
        {"token": terminal_token(approval="4111-1111-1111-1111")},
        {"subject": f"card {CARD}", "token": terminal_token()},
        {"subject": "4111111111111111", "token": terminal_token()},
    ],
)
def test_no_card_number_enters_any_column(
    terminal: Terminal, access: Access, hidden: dict[str, Any]
) -> None:
    with pytest.raises(Refused):
        terminal.ask(access=access, ask=make_ask(way="terminal", **hidden))

    assert card_numbers_of(access.merchant_id) == []


def test_no_card_number_enters_with_a_refunds_reason(terminal: Terminal, access: Access) -> None:
    ask = pay(terminal, access)
    back: RefundAsk = make_refund(ask, 100, reason=f"to {CARD}")

    with pytest.raises(Refused, match="CARD_NUMBER"):
        terminal.refund(access=access, ask=back)

    assert card_numbers_of(access.merchant_id) == []


def test_a_card_number_that_was_stored_would_be_found(terminal: Terminal, access: Access) -> None:
    """The search that the others rely upon finds what it looks for."""
    ask = make_ask("4111111111111111", way="terminal", token=terminal_token())
    terminal.ask(access=access, ask=ask)

    assert card_numbers_of(access.merchant_id) == ["payments_terminalpayment"]


def card_numbers_of(merchant_id: int) -> list[str]:
    """Every table of payments in which a row of the merchant holds what looks like a card's."""
    tables = [
        model._meta.db_table
        for model in apps.get_app_config("payments").get_models()
        if issubclass(model, MerchantOwned)
    ]
    with tenancy.scope(merchant_id=merchant_id), connection.cursor() as cursor:
        found: list[str] = []
        for table in tables:
            rows = sql.SQL("SELECT to_jsonb(t)::text FROM {} t WHERE merchant_id = %s")
            cursor.execute(rows.format(sql.Identifier(table)), [merchant_id])
            values = [value for (row,) in cursor.fetchall() for value in json.loads(row).values()]
            if any(isinstance(each, str) and looks_like_a_card_number(each) for each in values):
                found.append(table)
    return found
