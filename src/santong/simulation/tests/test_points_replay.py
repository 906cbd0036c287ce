"""Purchases from files become points by the product's own doors, and SQL alone agrees."""

from __future__ import annotations

import io
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from rich.console import Console

from santong.kernel import cells, crypto, tenancy
from santong.kernel.models import PausedJobs
from santong.membership import public as membership
from santong.simulation.contracts import Progress
from santong.simulation.rules.purchases.outcome import PointsReport
from santong.simulation.rules.purchases.plan import GROCERY, days_of, ending
from santong.simulation.rules.report.points import page_of_points, summary_of_points
from santong.simulation.services.prove_points import prove_points
from santong.simulation.services.read_purchases import read_purchases
from santong.simulation.services.run_points_replay import run_points_replay
from santong.simulation.tests.factories import write_file
from santong.simulation.tests.test_read_purchases import BILLED, PRODUCT, SOLD

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)


def silent(_title: str, _total: int) -> Progress:
    return lambda _done: None


def groceries(directory: Path) -> Path:
    """Two households through half a year: one buys each week, one once."""
    start = datetime(2017, 1, 2, 10, 0, tzinfo=UTC)
    weekly = [
        {
            **SOLD,
            "household_id": "900",
            "basket_id": f"w{week}",
            "sales_value": f"{40 + week * 7 % 60}.{week % 10}9",
            "transaction_timestamp": f"{start + timedelta(weeks=week):%Y-%m-%d %H:%M:%S}",
        }
        for week in range(26)
    ]
    once = {**SOLD, "household_id": "7", "basket_id": "o1", "sales_value": "99.99"}
    write_file(directory / "products.csv", rows=[PRODUCT])
    write_file(directory / "transactions.csv", rows=[*weekly, once])
    return directory


def gifts(directory: Path) -> Path:
    """A wholesaler who brings some of it back, before and after the points were ripe."""
    changes: list[Mapping[str, str]] = [
        {},
        {"StockCode": "22752", "UnitPrice": "7.65", "Quantity": "200"},
        {"InvoiceNo": "2", "InvoiceDate": "2011-01-10 09:00:00", "Quantity": "3"},
        {"InvoiceNo": "C3", "InvoiceDate": "2011-01-12 09:00:00", "Quantity": "-2"},
        {
            "InvoiceNo": "C4",
            "InvoiceDate": "2011-02-12 09:00:00",
            "StockCode": "22752",
            "Quantity": "-150",
        },
        {"InvoiceNo": "5", "InvoiceDate": "2011-02-20 09:00:00", "CustomerID": "12"},
    ]
    write_file(directory / "invoice_lines.csv", rows=[{**BILLED, **row} for row in changes])
    return directory


def replayed(directory: Path, *, code: str) -> PointsReport:
    return run_points_replay(directory=directory, merchant_code=code, now=NOW, bars=silent)


@pytest.fixture(scope="module")
def once_replayed(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> PointsReport:
    with django_db_blocker.unblock():
        cells.forget()
        crypto.forget_keys()
        files = groceries(tmp_path_factory.mktemp("groceries"))
        return replayed(files, code=f"grocery-{uuid.uuid4().hex[:12]}")


@pytest.fixture
def grocery(once_replayed: PointsReport, database: None) -> PointsReport:
    """Half a year, replayed once for all tests that only look at it."""
    return once_replayed


def test_every_member_has_what_sql_alone_makes_of_the_same_purchases(
    grocery: PointsReport,
) -> None:
    proof = grocery.proof

    assert (proof.members, proof.differing) == (2, 0)
    assert proof.ledger == proof.expected
    # Nothing is proven by an account on which nothing happened.
    assert all(proof.ledger.values())


def test_what_comes_back_takes_its_points_along(tmp_path: Path, database: None) -> None:
    report = replayed(gifts(tmp_path), code=f"gifts-{uuid.uuid4().hex[:12]}")

    assert report.proof.differing == 0
    bought = 6 * 255 + 200 * 765 + 3 * 255 + 6 * 255
    back = 2 * 255 + 150 * 765
    assert sum(report.proof.ledger[name] for name in ("pending", "available")) == bought - back
    assert report.proof.members_by_tier == {"base": 1, "silver": 1, "gold": 0}


def test_what_comes_back_when_its_points_have_ended_is_owed(tmp_path: Path, database: None) -> None:
    """Points end in the spring, goods come back after that, and the next purchase pays for it."""
    changes: list[Mapping[str, str]] = [
        {"Quantity": "10"},
        {"InvoiceNo": "2", "InvoiceDate": "2011-02-10 09:00:00", "Quantity": "4"},
        {"InvoiceNo": "C3", "InvoiceDate": "2011-04-12 09:00:00", "Quantity": "-5"},
        {"InvoiceNo": "4", "InvoiceDate": "2011-04-20 09:00:00", "Quantity": "3"},
        {"InvoiceNo": "5", "InvoiceDate": "2011-05-20 09:00:00", "Quantity": "20"},
        {"InvoiceNo": "6", "InvoiceDate": "2011-06-20 09:00:00", "Quantity": "1"},
    ]
    write_file(tmp_path / "invoice_lines.csv", rows=[{**BILLED, **row} for row in changes])

    proof = replayed(tmp_path, code=f"ended-{uuid.uuid4().hex[:12]}").proof

    assert proof.differing == 0
    # Ten of the first invoice ended; five came back, four paid by the second, one by the third.
    assert proof.ledger["expired"] == 10 * 255
    assert proof.ledger["available"] == (4 + 3 + 20 - 5) * 255
    assert proof.ledger["pending"] == 255


def test_a_purchase_that_was_counted_wrong_would_be_seen(grocery: PointsReport) -> None:
    (first, *rest) = grocery.history.baskets
    (line, *lines) = first.lines
    dearer = replace(first, lines=(replace(line, amount_minor=line.amount_minor + 100), *lines))

    proof = prove_points(
        merchant_id=_merchant(grocery),
        history=replace(grocery.history, baskets=(dearer, *rest)),
        plan=grocery.plan,
        member_by_name=grocery.member_by_name,
        burnt=grocery.replayed.burnt,
        until=grocery.replayed.until,
    )

    assert proof.differing == 1
    assert proof.expected["experience"] == proof.ledger["experience"] + 1


def test_doctor_finds_nothing_and_jobs_run_again(grocery: PointsReport) -> None:
    with tenancy.scope(merchant_id=_merchant(grocery)):
        assert not PausedJobs.objects.exists()
    assert grocery.replayed.findings == ()


def test_what_is_outstanding_stands_in_the_books(grocery: PointsReport) -> None:
    merchant_id = _merchant(grocery)
    with tenancy.scope(merchant_id=merchant_id):
        stands = membership.points_liability(
            merchant_id=merchant_id, pool_code="shop", now=grocery.replayed.until
        )

    ledger = grocery.proof.ledger
    assert (stands.available - stands.debt, stands.pending) == (
        ledger["available"],
        ledger["pending"],
    )


def test_the_history_is_moved_by_whole_days(tmp_path: Path) -> None:
    published = read_purchases(directory=groceries(tmp_path))
    yesterday = NOW.date() - timedelta(days=1)

    moved = ending(published, on=yesterday, clock=GROCERY.clock)

    assert days_of(moved, clock=GROCERY.clock)[-1].on == yesterday
    assert {
        (after.bought_at - before.bought_at) % timedelta(days=1)
        for before, after in zip(published.baskets, moved.baskets, strict=True)
    } == {timedelta(0)}


def test_page_and_terminal_show_the_same_sums(grocery: PointsReport) -> None:
    console = Console(width=120, file=io.StringIO(), record=True)

    console.print(summary_of_points(report=grocery))

    shown = console.export_text()
    page = page_of_points(report=grocery)
    for name in ("pending", "available", "expired", "burned", "experience"):
        assert f"{grocery.proof.ledger[name]:,}" in shown
        assert f"{grocery.proof.ledger[name]:,}" in page
    assert "会员购买重放报告" in page
    assert "<script" not in page


def _merchant(report: PointsReport) -> int:
    return cells.merchant_by_code(report.merchant_code).merchant_id
