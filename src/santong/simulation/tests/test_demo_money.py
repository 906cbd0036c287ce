from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from santong.invoicing import public as invoicing
from santong.kernel import tenancy
from santong.payments import public as payments
from santong.prepaid import public as prepaid
from santong.reconciliation import public as reconciliation
from santong.settlement import public as settlement
from santong.simulation.rules.demo.money import month_to_close, with_faults
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.tests.small_demo import ALL, NOW, clock, load


def intents_of(merchant_id: int) -> list[payments.Intent]:
    """What was asked by us, without what channels have collected."""
    with tenancy.scope(merchant_id=merchant_id):
        found = payments.intents_page(merchant_id=merchant_id, below_id=ALL, limit=200)
    return [intent for intent in found if intent.key.startswith("demo:")]


def test_orders_and_cards_are_paid_in_every_way(merchant_id: int, database: None) -> None:
    intents = intents_of(merchant_id)

    assert {intent.state for intent in intents} == {"paid"}
    assert {tender.method for intent in intents for tender in intent.tenders} == {
        "wechat_pay",
        "alipay",
        "card",
        "cash",
        "prepaid",
        "gift_card",
    }
    assert max(len(intent.tenders) for intent in intents) == 3
    assert sum(intent.refunded_minor > 0 for intent in intents) == 1
    assert sum(tender.disputed_minor > 0 for i in intents for tender in i.tenders) == 1


def test_cards_have_what_was_not_spent(merchant_id: int, database: None) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        cards = prepaid.cards_page(merchant_id=merchant_id, before_id=ALL, limit=50)
        on_card = prepaid.balances_of(
            merchant_id=merchant_id, card_ids=[card.id for card in cards], now=clock()
        )

    assert {(card.kind, card.state) for card in cards} == {
        ("prepaid", "active"),
        ("gift", "active"),
    }
    assert {card.is_registered for card in cards if card.kind == "prepaid"} == {True}
    assert max(balance.bonus_minor for balance in on_card.values()) == 12_000


def test_a_month_is_closed_and_paid_out_but_for_what_came_back(
    merchant_id: int, database: None
) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        statements = settlement.statements_page(merchant_id=merchant_id, limit=200)
        claims = settlement.claims_page(merchant_id=merchant_id, limit=10)
        draft, ended = settlement.payout_runs_page(merchant_id=merchant_id, limit=10)
        lines = settlement.payout_lines_page(merchant_id=merchant_id, run_id=ended.id, limit=200)

    assert {statement.month for statement in statements} == {month_to_close(NOW)}
    assert {statement.party_code.split(":")[0] for statement in statements} >= {"dealer", "clerk"}
    assert [claim.state for claim in claims] == ["open"]
    assert (draft.state, ended.state) == ("draft", "ended")
    (came_back,) = [line for line in lines if line.state == "returned"]
    assert draft.amount_minor == came_back.amount_minor
    assert {line.state for line in lines} >= {"done", "returned"}


def test_invoices_are_issued_and_one_is_taken_back_in_part(
    merchant_id: int, database: None
) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        found = invoicing.invoices_page(merchant_id=merchant_id, below_id=ALL, limit=50)
    (refunded,) = [intent for intent in intents_of(merchant_id) if intent.refunded_minor]

    assert {invoice.state for invoice in found} == {"issued"}
    assert sorted(invoice.kind for invoice in found) == ["blue", "blue", "red"]
    (red,) = [invoice for invoice in found if invoice.kind == "red"]
    assert abs(red.total_minor) == refunded.refunded_minor


def test_a_statement_differs_in_ways_that_have_a_name(merchant_id: int, database: None) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        counted = reconciliation.counted(merchant_id=merchant_id)
        files = reconciliation.files_page(merchant_id=merchant_id, before_id=ALL, limit=10)

    assert {each.category for each in counted} == {
        "amount_differs",
        "fee_differs",
        "missing_at_provider",
        "missing_in_books",
    }
    assert {(file.state, file.unexplained_minor) for file in files} == {("matched", 0)}


def test_the_books_of_the_demo_are_sound(merchant_id: int, database: None) -> None:
    found: list[str] = []
    for path in settings.SANTONG_CHECKS:
        with tenancy.scope(merchant_id=merchant_id):
            check = import_string(path)
            found += [f"{each.rule}: {each.detail}" for each in check(merchant_id=merchant_id)]

    assert found == []


def test_loaded_again_no_money_moves(
    small_demo: DemoMerchant, merchant_id: int, database: None
) -> None:
    before = intents_of(merchant_id)

    load(small_demo)

    assert intents_of(merchant_id) == before
    with tenancy.scope(merchant_id=merchant_id):
        assert len(settlement.payout_runs_page(merchant_id=merchant_id, limit=10)) == 2
        assert len(prepaid.cards_page(merchant_id=merchant_id, before_id=ALL, limit=50)) == len(
            [intent for intent in before if intent.document.startswith("topup:")]
        )
        assert len(invoicing.invoices_page(merchant_id=merchant_id, below_id=ALL, limit=50)) == 3


@pytest.mark.parametrize(
    ("at", "month"),
    [
        pytest.param(
            datetime(2026, 11, 22, 4, tzinfo=UTC), date(2026, 10, 1), id="late-in-a-month"
        ),
        pytest.param(datetime(2026, 12, 1, 4, tzinfo=UTC), date(2026, 10, 1), id="its-first-day"),
        pytest.param(datetime(2026, 12, 3, 4, tzinfo=UTC), date(2026, 11, 1), id="its-third-day"),
        pytest.param(datetime(2027, 1, 9, 4, tzinfo=UTC), date(2026, 12, 1), id="a-new-year"),
    ],
)
def test_a_month_is_closed_once_it_is_over(at: datetime, month: date) -> None:
    assert month_to_close(at) == month


def test_faults_keep_a_statement_whole() -> None:
    columns = "type,our_reference,their_reference,time,amount_minor,fee_minor,status"
    lines = [f"payment,R{n},T{n},2026-11-21T12:00:00+08:00,1000,6,done" for n in range(4)]
    text = "\r\n".join(
        ["#simulated,a,2026-11-21,CNY,4,50,4026", columns, *lines, "#total,4,,,4000,24,", ""]
    )

    head, _, *found, total = csv.reader(io.StringIO(with_faults(text.encode()).decode()))

    assert [int(line[4]) for line in found] == [1000, 1100, 1000, 1000]
    assert [int(line[5]) for line in found] == [6, 6, 66, 6]
    assert found[0][1] not in {f"R{n}" for n in range(4)}
    assert head == ["#simulated", "a", "2026-11-21", "CNY", "4", "50", str(50 + 4100 - 84)]
    assert total == ["#total", "4", "", "", "4100", "84", ""]


def test_a_statement_of_few_lines_stays_as_it_is() -> None:
    text = "#simulated,a,2026-11-21,CNY,0,0,0\r\ntype\r\n#total,0,,,0,0,\r\n"

    assert with_faults(text.encode()) == text.encode()
