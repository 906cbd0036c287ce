"""Differences are worked on, documents compared, months closed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from santong.kernel import tenancy
from santong.kernel.actors import Actor
from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.reconciliation.contracts import Difference, DocumentPair
from santong.reconciliation.errors import (
    DifferenceStatePassed,
    MonthClosed,
    MonthNotClosed,
    MonthNotReady,
    NotOffered,
    SecondPersonNeeded,
)
from santong.reconciliation.rules.sheets import as_csv, as_xlsx
from santong.reconciliation.selectors.differences import ages, counted, unexplained
from santong.reconciliation.selectors.months import balance_so_far, closes, obstacles, trial_balance
from santong.reconciliation.services import work_on
from santong.reconciliation.services.close_month import close_month, reopen_month
from santong.reconciliation.services.compare_documents import compare_documents
from santong.reconciliation.tests.factories import (
    ACCOUNT,
    DAY,
    NOW,
    Move,
    assert_sound,
    differences,
    line,
    move,
    open_account,
    receive,
    reconcile,
)
from santong.reconciliation.tests.statements import simulated_file, wechat_file

ANNA = Actor(kind="staff", id="1", name="Anna")
BO = Actor(kind="staff", id="2", name="Bo")
LAST_DAY = date(2026, 10, 31)
OCTOBER = date(2026, 10, 1)
CLOSING = datetime.fromisoformat("2026-11-02T00:00:00+08:00")


def acting(merchant: int, who: Actor, function: Callable[..., Any], **named: Any) -> Any:
    with tenancy.scope(merchant_id=merchant, actor=who):
        return function(merchant_id=merchant, **named)


def one(merchant: int, *, theirs: int, ours: int) -> Difference:
    open_account(merchant)
    move(merchant, Move("payment", "T1", ours))
    reconcile(merchant, [line("T1", theirs)])
    (found,) = differences(merchant)
    return found


def booked(merchant: int) -> list[int]:
    with tenancy.scope(merchant_id=merchant):
        found = payments.movements_page(
            merchant_id=merchant,
            account_code=ACCOUNT,
            moved_from=NOW - timedelta(days=90),
            moved_until=NOW + timedelta(days=90),
        )
    return [each.amount_minor for each in found if each.kind == "adjustment"]


def test_whoever_claims_a_difference_owns_it(merchant: int) -> None:
    found = one(merchant, theirs=1_000, ours=900)

    claimed = acting(
        merchant,
        ANNA,
        work_on.claim,
        difference_id=found.id,
        due_on=DAY + timedelta(days=5),
        note="wird gefragt",
        now=NOW,
    )

    assert (claimed.owner, claimed.due_on, claimed.state) == (
        "staff:1",
        DAY + timedelta(days=5),
        "open",
    )


def test_what_is_corrected_is_booked_once(merchant: int) -> None:
    found = one(merchant, theirs=1_000, ours=900)

    corrected = acting(
        merchant, ANNA, work_on.correct, difference_id=found.id, note="till was wrong", now=NOW
    )
    with pytest.raises(DifferenceStatePassed):
        acting(merchant, ANNA, work_on.correct, difference_id=found.id, note="again", now=NOW)

    assert (corrected.state, corrected.booked_minor, booked(merchant)) == ("corrected", 100, [100])
    assert_sound(merchant)


def test_a_small_amount_is_written_off_alone(merchant: int) -> None:
    found = one(merchant, theirs=900, ours=1_000)

    done = acting(
        merchant, ANNA, work_on.write_off, difference_id=found.id, note="too little", now=NOW
    )

    assert (done.state, booked(merchant)) == ("written_off", [-100])


def test_a_large_amount_is_written_off_by_two(merchant: int) -> None:
    found = one(merchant, theirs=90_000, ours=100_001)
    named = {"difference_id": found.id, "note": "the provider is insolvent", "now": NOW}

    proposed = acting(merchant, ANNA, work_on.write_off, **named)
    with pytest.raises(SecondPersonNeeded):
        acting(merchant, ANNA, work_on.approve, **named)
    assert (proposed.state, booked(merchant)) == ("proposed", [])
    done = acting(merchant, BO, work_on.approve, **named)

    assert (done.state, done.proposed_by, booked(merchant)) == (
        "written_off",
        "staff:1",
        [-10_001],
    )
    assert_sound(merchant)


def test_what_is_rejected_is_open_again(merchant: int) -> None:
    found = one(merchant, theirs=90_000, ours=100_001)
    acting(merchant, ANNA, work_on.write_off, difference_id=found.id, note="gone", now=NOW)

    back = acting(merchant, BO, work_on.reject, difference_id=found.id, note="ask again", now=NOW)

    assert (back.state, back.proposed_by, booked(merchant)) == ("open", "", [])


def test_two_who_correct_at_once_book_once(merchant: int, at_once: Any) -> None:
    found = one(merchant, theirs=1_000, ours=900)

    results = at_once(
        *[
            lambda: acting(
                merchant, ANNA, work_on.correct, difference_id=found.id, note="mine", now=NOW
            )
        ]
        * 4
    )

    assert sum(isinstance(each, Difference) for each in results) == 1
    assert sum(isinstance(each, DifferenceStatePassed) for each in results) == 3
    assert booked(merchant) == [100]
    assert_sound(merchant)


def test_what_makes_no_sense_is_not_offered(merchant: int) -> None:
    open_account(merchant)
    bill = wechat_file([line("T1", 5, currency="USD")])
    reconcile(merchant, bill, file_format="wechat_trade")
    (found,) = differences(merchant)

    with pytest.raises(NotOffered):
        acting(merchant, ANNA, work_on.correct, difference_id=found.id, note="no", now=NOW)


@pytest.mark.parametrize("note", ["", " ", "x" * 501, "call 13800001111"])
def test_a_note_says_something_and_names_nobody(merchant: int, note: str) -> None:
    found = one(merchant, theirs=1_000, ours=900)

    with pytest.raises(FieldInvalid):
        acting(merchant, ANNA, work_on.explain, difference_id=found.id, note=note, now=NOW)


def test_a_correction_goes_back_with_the_file_that_it_was_about(merchant: int) -> None:
    found = one(merchant, theirs=1_000, ours=900)
    acting(merchant, ANNA, work_on.correct, difference_id=found.id, note="taken in", now=NOW)

    reconcile(merchant, [line("T1", 900)])

    assert (booked(merchant), differences(merchant)) == ([100, -100], [])
    assert_sound(merchant)


def test_how_much_differs_and_since_when(merchant: int) -> None:
    open_account(merchant)
    reconcile(merchant, [line("T1", 5), line("T2", 7), line("X", 1, kind="other")])

    with tenancy.scope(merchant_id=merchant):
        found = counted(merchant_id=merchant)
        waited = ages(merchant_id=merchant, today=DAY + timedelta(days=3))
        nothing = unexplained(merchant_id=merchant)

    assert [(each.category, each.count, each.difference_minor) for each in found] == [
        ("missing_in_books", 2, 12),
        ("unknown_kind", 1, 1),
    ]
    assert waited == {"0-1": 0, "2-3": 3, "4-7": 0, "8-30": 0, "31-": 0}
    assert nothing == {ACCOUNT: 0}


PAIRS = [
    DocumentPair("order:1", 1_000, 1_000),
    DocumentPair("order:2", None, 500),
    DocumentPair("order:3", 700, None),
    DocumentPair("order:4", 700, 702),
    DocumentPair("order:5", 700, 703),
    DocumentPair("order:6", 700, 690),
    DocumentPair("order:7", None, None),
]


def test_documents_whose_sides_differ_are_queued_once(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        found = compare(merchant, PAIRS)
        again = compare(merchant, PAIRS)

    queued = [(each.document, each.category, each.state) for each in differences(merchant)]
    assert queued == [
        ("order:2", "nothing_sold", "open"),
        ("order:3", "not_paid", "open"),
        ("order:4", "document_rounding", "open"),
        ("order:5", "paid_more", "open"),
        ("order:6", "paid_less", "open"),
        ("order:7", "nothing_sold", "open"),
    ]
    assert (found, found.equal, found.unexplained_minor) == (again, 1, 0)


def test_a_document_that_was_paid_meanwhile_differs_no_more(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        compare(merchant, PAIRS)
        compare(merchant, [replace(PAIRS[2], paid_minor=700), replace(PAIRS[5], paid_minor=0)])

    found = {each.document: (each.category, each.theirs_minor) for each in differences(merchant)}
    assert "order:3" not in found
    assert found["order:6"] == ("paid_less", 0)


def compare(merchant: int, pairs: list[DocumentPair]) -> Any:
    return compare_documents(merchant_id=merchant, pairs=pairs, currency="CNY", day=DAY, now=NOW)


def test_a_month_is_closed_with_a_trial_balance_that_comes_to_nothing(merchant: int) -> None:
    ready(merchant)

    closed = acting(merchant, ANNA, close_month, month=OCTOBER, now=CLOSING)

    with tenancy.scope(merchant_id=merchant):
        frozen = trial_balance(merchant_id=merchant, month=OCTOBER)
        so_far = balance_so_far(merchant_id=merchant, month=OCTOBER)
    assert (closed.state, closed.version, closed.closed_by) == ("closed", 1, "staff:1")
    assert frozen == so_far
    assert frozen.is_balanced
    assert {(row.kind, row.group): row.closing_minor for row in frozen.rows} == {
        ("at_provider", ACCOUNT): 300,
        ("difference", ACCOUNT): -300,
    }


def test_a_closed_month_stays_and_takes_no_file(merchant: int) -> None:
    ready(merchant)
    acting(merchant, ANNA, close_month, month=OCTOBER, now=CLOSING)

    with pytest.raises(MonthClosed):
        acting(merchant, ANNA, close_month, month=OCTOBER, now=CLOSING)
    with pytest.raises(MonthClosed):
        receive(merchant, simulated_file([line("NEW", 1, day=LAST_DAY)]), day=LAST_DAY)


def test_a_month_is_opened_again_by_somebody_else_for_a_reason(merchant: int) -> None:
    ready(merchant)
    acting(merchant, ANNA, close_month, month=OCTOBER, now=CLOSING)

    with pytest.raises(SecondPersonNeeded):
        acting(merchant, ANNA, reopen_month, month=OCTOBER, reason="a file was late", now=CLOSING)
    with pytest.raises(FieldInvalid):
        acting(merchant, BO, reopen_month, month=OCTOBER, reason="", now=CLOSING)
    acting(merchant, BO, reopen_month, month=OCTOBER, reason="a file was late", now=CLOSING)
    with pytest.raises(MonthNotClosed):
        acting(merchant, BO, reopen_month, month=OCTOBER, reason="once more", now=CLOSING)
    again = acting(merchant, ANNA, close_month, month=OCTOBER, now=CLOSING)

    with tenancy.scope(merchant_id=merchant):
        assert [(each.version, each.state) for each in closes(merchant_id=merchant)] == [
            (2, "closed"),
            (1, "reopened"),
        ]
    assert again.version == 2


def test_what_keeps_a_month_from_being_closed_is_listed(merchant: int) -> None:
    open_account(merchant)
    before = LAST_DAY - timedelta(days=1)
    reconcile(merchant, [line("T1", 5, day=before)], day=before)

    with pytest.raises(MonthNotReady) as early:
        acting(merchant, ANNA, close_month, month=OCTOBER, now=CLOSING - timedelta(seconds=1))

    whys = [(each.why, each.day) for each in early.value.obstacles]
    assert whys == [
        ("too_early", date(2026, 11, 1)),
        ("file_missing", LAST_DAY),
        ("difference_open", before),
    ]
    (found,) = differences(merchant)
    acting(merchant, ANNA, work_on.explain, difference_id=found.id, note="a gift", now=NOW)
    reconcile(merchant, [], day=LAST_DAY)
    with tenancy.scope(merchant_id=merchant):
        assert obstacles(merchant_id=merchant, month=OCTOBER, now=CLOSING) == []


def test_two_who_close_at_once_close_once(merchant: int, at_once: Any) -> None:
    ready(merchant)

    results = at_once(
        *[lambda: acting(merchant, ANNA, close_month, month=OCTOBER, now=CLOSING)] * 3
    )

    assert sorted(type(each).__name__ for each in results) == [
        "MonthClose",
        "MonthClosed",
        "MonthClosed",
    ]


def test_a_trial_balance_as_a_file(merchant: int) -> None:
    ready(merchant)
    with tenancy.scope(merchant_id=merchant):
        balance = trial_balance(merchant_id=merchant, month=OCTOBER)

    text = as_csv(balance).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(as_xlsx(balance))).active

    assert text.splitlines() == [
        "asset,account,group,opening,debit,credit,closing",
        f"money:CNY,at_provider,{ACCOUNT},0,300,0,300",
        f"money:CNY,difference,{ACCOUNT},0,0,300,-300",
    ]
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == [
        "money:CNY",
        "at_provider",
        ACCOUNT,
        0,
        300,
        0,
        300,
    ]


def ready(merchant: int) -> None:
    """An account whose only day of October is reconciled, and 3.00 in the ledger."""
    open_account(merchant)
    with tenancy.scope(merchant_id=merchant):
        payments.record_movement(
            merchant_id=merchant,
            account_code=ACCOUNT,
            kind="adjustment",
            reference="opening",
            their_reference="S-opening",
            amount_minor=300,
            moved_at=CLOSING - timedelta(days=2),
            reason="opening",
            now=CLOSING - timedelta(days=2),
        )
    reconcile(merchant, [line("opening", 300, kind="adjustment", day=LAST_DAY)], day=LAST_DAY)
