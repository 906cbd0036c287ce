"""What was paid for Olist's orders is paid again: to the centavo, and no difference without why."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings
from rich.console import Console

from santong.kernel import cells, tenancy
from santong.kernel.models import PausedJobs
from santong.payments import public as payments
from santong.reconciliation import public as reconciliation
from santong.simulation.contracts import Progress
from santong.simulation.errors import FilesMissing
from santong.simulation.rules.olist.tables import Payment
from santong.simulation.rules.paid.outcome import PaidReport
from santong.simulation.rules.paid.plan import PaidOrder, in_parts, sums_of
from santong.simulation.rules.paid.reasons import Why, reason_of
from santong.simulation.rules.paid.statement import statements_of, written
from santong.simulation.rules.report.paid import page_of_payments, summary_of_payments
from santong.simulation.services.prove_payments import prove_payments
from santong.simulation.services.read_paid import read_paid
from santong.simulation.services.run_payments_replay import run_payments_replay
from santong.simulation.tests.factories import make_olist_files

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
ROWS_BY_METHOD = {
    "credit_card": 11_728,
    "boleto": 3_172,
    "voucher": 1_234,
    "debit_card": 142,
}


def silent(_title: str, _total: int) -> Progress:
    return lambda _done: None


def at(hour: int, *, day: int = 2) -> str:
    return f"2017-10-{day:02} {hour:02}:00:00"


def bought(number: int, **named: str) -> dict[str, str]:
    given = {"order_id": f"order-{number}", "customer_id": f"customer-{number}"}
    return {**given, "order_purchase_timestamp": at(9), "order_approved_at": at(10), **named}


def paid(
    number: int, value: str, *, place: int = 1, way: str = "credit_card", times: int = 1
) -> Mapping[str, str]:
    return {
        "order_id": f"order-{number}",
        "payment_sequential": str(place),
        "payment_type": way,
        "payment_installments": str(times),
        "payment_value": value,
    }


def some_orders(directory: Path) -> Path:
    """Beside the first, which is equal: one of each way in which an order can differ."""
    directory.mkdir()
    sold = [{"order_id": f"order-{number}"} for number in (3, 4, 5, 6, 7)]
    vouchers = [paid(7, "7.00", place=place, way="voucher") for place in range(2, 12)]
    return make_olist_files(
        directory,
        rows={
            "orders": [
                bought(2, order_status="unavailable", order_approved_at=""),
                *(bought(number) for number in (3, 4, 5, 6, 7)),
            ],
            "order_items": sold,
            "order_payments": [
                paid(2, "20.00", way="boleto"),
                paid(4, "75.00", times=10),
                paid(5, "72.20", way="debit_card"),
                paid(6, "60.00"),
                paid(7, "2.19"),
                *vouchers,
                paid(7, "0.00", place=12, way="voucher"),
            ],
        },
    )


def replayed(directory: Path, *, code: str = "", orders_max: int | None = None) -> PaidReport:
    return run_payments_replay(
        directory=directory,
        merchant_code=code or f"paid-{uuid.uuid4().hex[:12]}",
        orders_max=orders_max,
        now=NOW,
        bars=silent,
    )


def intents_of(report: PaidReport) -> list[payments.Intent]:
    merchant_id = cells.merchant_by_code(report.merchant_code).merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        return payments.intents_page(merchant_id=merchant_id, below_id=2**62, limit=200)


def test_every_row_comes_in_as_a_tender_at_its_time(tmp_path: Path, database: None) -> None:
    report = replayed(some_orders(tmp_path / "olist"))

    intents = intents_of(report)
    assert report.is_proven
    assert {intent.state for intent in intents} == {"paid"}
    # Eleven rows of one order: eight parts, and what is left of them.
    assert sorted(len(i.tenders) for i in intents if i.document == "olist:order-7") == [3, 8]
    (by_card,) = [intent for intent in intents if intent.document == "olist:order-4"]
    (tender,) = by_card.tenders
    assert (tender.instalments, tender.captured_minor, tender.method) == (10, 7_500, "card")
    assert (by_card.opened_at.hour, tender.captured_at and tender.captured_at.hour) == (12, 13)
    assert report.proof.tenders_by_instalments == {1: 14, 3: 1, 10: 1}
    assert report.proof.minor_by_method == {
        "credit_card": 7_219 + 7_500 + 6_000 + 219,
        "boleto": 2_000,
        "voucher": 7_000,
        "debit_card": 7_220,
    }


def test_every_difference_has_its_category_and_its_reason(tmp_path: Path, database: None) -> None:
    report = replayed(some_orders(tmp_path / "olist"))

    assert {
        (each.category, each.why, each.count, each.minor) for each in report.reconciled.explained
    } == {
        ("nothing_sold", Why.NEVER_SOLD, 1, 2_000),
        ("not_paid", Why.PAYMENT_MISSING, 1, -7_219),
        ("document_rounding", Why.ROUNDING, 1, 1),
        ("paid_more", Why.INTEREST, 1, 281),
        ("paid_less", Why.PART_MISSING, 1, -1_219),
    }
    merchant_id = cells.merchant_by_code(report.merchant_code).merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        notes = [
            each.note
            for each in reconciliation.differences_page(
                merchant_id=merchant_id, before_id=2**62, limit=50, category="paid_more"
            )
        ]
    assert notes == ["interest of instalments: 2.81 in 10 instalments, 3.89 % of what was sold"]
    found = report.reconciled
    assert (found.left_open, found.unexplained_minor, found.equal) == (0, 0, 2)
    assert (found.statement_lines, found.statement_matched) == (16, 16)
    assert found.statement_differences == found.statement_unexplained_minor == 0


def test_going_on_with_a_run_pays_nothing_twice(tmp_path: Path, database: None) -> None:
    files = some_orders(tmp_path / "olist")
    begun = replayed(files, orders_max=3)

    whole = replayed(files, code=begun.merchant_code)
    again = replayed(files, code=begun.merchant_code)

    assert whole.proof == again.proof
    assert (whole.is_proven, again.is_proven) == (True, True)
    assert whole.reconciled.explained == again.reconciled.explained
    merchant_id = cells.merchant_by_code(begun.merchant_code).merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        assert not PausedJobs.objects.filter(merchant_id=merchant_id).exists()


def test_an_order_that_was_paid_wrong_would_be_seen(tmp_path: Path, database: None) -> None:
    report = replayed(some_orders(tmp_path / "olist"))
    (first, *rest) = report.orders
    dearer = replace(
        first, payments=(replace(first.payments[0], amount_minor=1), *first.payments[1:])
    )

    proof = prove_payments(
        merchant_id=cells.merchant_by_code(report.merchant_code).merchant_id,
        orders=(dearer, *rest),
        progress=silent("", 1),
    )

    assert proof.orders_differing == 1


def test_the_report_says_what_was_found(tmp_path: Path, database: None) -> None:
    report = replayed(some_orders(tmp_path / "olist"))
    console = Console(file=io.StringIO(), width=160, record=True)

    console.print(summary_of_payments(report=report))
    page = page_of_payments(report=report)

    told = console.export_text()
    assert "interest of instalments" in told
    assert "371.58" in told
    assert "16 / 16" in told
    assert "是 yes" in told
    for words in ("never sold", "371.58", "20.00", "The files have no refunds"):
        assert words in page


def test_payments_are_replayed_by_command(
    database: None, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.VAR = tmp_path / "var"

    call_command("replay", str(some_orders(tmp_path / "olist")), "--payments", "--orders=2")

    (report,) = (tmp_path / "var" / "reports").glob("replay-*.html")
    assert "Replay of payments" in report.read_text(encoding="utf-8")
    assert "payments-" in capsys.readouterr().out


def test_all_missing_files_are_named(tmp_path: Path) -> None:
    make_olist_files(tmp_path, without=["orders", "order_payments", "customers"])

    with pytest.raises(FilesMissing) as refused:
        read_paid(directory=tmp_path)

    assert refused.value.missing == (
        "orders or olist_orders_dataset",
        "order_payments or olist_order_payments_dataset",
    )


def test_the_last_of_the_published_payments_are_replayed(
    olist_directory: Path, database: None
) -> None:
    report = replayed(olist_directory, orders_max=40)

    assert report.is_proven
    assert len(report.orders) == 40


def test_published_payments_are_as_their_page_says(olist_directory: Path) -> None:
    orders, tally = read_paid(directory=olist_directory)

    sums = sums_of(orders)
    assert (len(orders), tally.rows_by_file["order_payments"]) == (15_252, 16_276)
    assert not tally.set_aside
    assert sums.minor == 247_725_094
    counted = {**sums.count_by_method}
    counted["voucher"] += sum(order.empty for order in orders)
    assert counted == ROWS_BY_METHOD
    assert sum(statement.amount_minor for statement in statements_of(orders)) == sums.minor


rows = st.builds(
    Payment,
    order_id=st.just("o"),
    number=st.integers(min_value=1, max_value=40),
    method=st.sampled_from(["credit_card", "voucher"]),
    instalments=st.integers(min_value=1, max_value=24),
    amount_minor=st.integers(min_value=1, max_value=10**7),
)


def order_of(payments_made: Sequence[Payment], **named: object) -> PaidOrder:
    values: dict[str, object] = {
        "order_id": "o",
        "status": "delivered",
        "asked_at": NOW,
        "paid_at": NOW,
        "pieces": 1,
        "owed_minor": 10_000,
        "payments": tuple(payments_made),
        "empty": 0,
    }
    return PaidOrder(**{**values, **named})  # type: ignore[arg-type]  # named as its fields are


@given(made=st.lists(rows, max_size=40), most=st.integers(min_value=1, max_value=8))
def test_parts_lose_no_row(made: list[Payment], most: int) -> None:
    parts = in_parts(made, most=most)

    assert [row for part in parts for row in part] == made
    assert all(0 < len(part) <= most for part in parts)


@given(made=st.lists(rows, min_size=1, max_size=20))
def test_statements_come_to_what_was_paid(made: list[Payment]) -> None:
    orders = [order_of(made)]

    statements = statements_of(orders)

    assert sum(each.amount_minor for each in statements) == sums_of(orders).minor
    for each in statements:
        *_, total = written(each).decode().splitlines()
        assert total == f"#total,{len(each.rows)},,,{each.amount_minor},0,"


@pytest.mark.parametrize(
    ("category", "owed_and_paid", "instalments", "pieces", "why"),
    [
        pytest.param("paid_more", (10_000, 10_700), 6, 1, Why.INTEREST, id="interest"),
        pytest.param("paid_more", (22_414, 22_417), 1, 8, Why.PRICED_BY_PIECE, id="eight-pieces"),
        pytest.param("paid_less", (19_617, 19_611), 2, 21, Why.PRICED_BY_PIECE, id="many-pieces"),
        pytest.param("paid_less", (17_774, 12_612), 5, 2, Why.PART_MISSING, id="a-part-is-missing"),
        pytest.param("paid_more", (10_000, 10_700), 1, 1, Why.PAID_TOO_MUCH, id="at-once"),
        pytest.param("document_rounding", (10_000, 10_002), 1, 1, Why.ROUNDING, id="two-cents"),
    ],
)
def test_a_difference_has_a_reason(
    category: str, owed_and_paid: tuple[int, int], instalments: int, pieces: int, why: Why
) -> None:
    owed, paid_minor = owed_and_paid
    row = Payment("o", 1, "credit_card", instalments, paid_minor)

    found, sentence = reason_of(order_of([row], owed_minor=owed, pieces=pieces), category=category)

    assert found is why
    assert sentence.startswith(why.value)


@pytest.mark.parametrize(
    ("status", "why"),
    [
        pytest.param("unavailable", Why.NEVER_SOLD, id="unavailable"),
        pytest.param("shipped", Why.SENT_WITHOUT_LINES, id="shipped"),
    ],
)
def test_what_was_sent_had_lines(status: str, why: Why) -> None:
    order = order_of([], status=status, owed_minor=None, pieces=0)

    assert reason_of(order, category="nothing_sold")[0] is why
