"""Every line and every movement ends in one place, and every fault under its name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from santong.kernel import tenancy
from santong.reconciliation.models import Match
from santong.reconciliation.providers.work import work_on_file
from santong.reconciliation.services.set_account import set_account
from santong.reconciliation.tests.factories import (
    DAY,
    NOW,
    Move,
    assert_sound,
    at,
    booked,
    categories,
    differences,
    line,
    move,
    open_account,
    reconcile,
)
from santong.reconciliation.tests.statements import BANK, wechat_file

TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def account(merchant: int) -> str:
    return open_account(merchant)


def test_what_agrees_matches_by_our_number(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "T1", 10_000), Move("refund", "R1", -2_500))

    file = reconcile(merchant, [line("T1", 10_000), line("R1", -2_500, kind="refund")])

    assert (file.state, file.matched, file.differences) == ("matched", 2, 0)
    assert (file.theirs_minor, file.ours_minor, file.unexplained_minor) == (7_500, 7_500, 0)
    assert differences(merchant) == []
    assert_sound(merchant)


def test_without_our_number_theirs_will_do(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "T1", 10_000, "4200"), Move("payment", "T2", 500, "4201"))

    file = reconcile(
        merchant,
        [line("", 500, their_reference="4201"), line("OLD", 10_000, their_reference="4200")],
    )

    assert (file.matched, file.differences) == (2, 0)
    assert stages(merchant) == {"their_reference"}
    assert_sound(merchant)


def test_several_refunds_under_a_payments_number_are_told_apart_by_amount(
    merchant: int, account: str
) -> None:
    move(merchant, Move("refund", "R1", -300, "4200"), Move("refund", "R2", -700, "4200"))

    file = reconcile(
        merchant,
        [
            line("", -700, kind="refund", their_reference="4200"),
            line("", -300, kind="refund", their_reference="4200"),
        ],
    )

    assert (file.matched, file.differences) == (2, 0)
    assert_sound(merchant)


def test_each_side_alone(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "OURS", 400))

    file = reconcile(merchant, [line("THEIRS", 900)])

    assert categories(merchant) == {"OURS": "missing_at_provider", "THEIRS": "missing_in_books"}
    assert (file.theirs_minor, file.ours_minor, file.differences_minor) == (900, 400, 500)
    assert_sound(merchant)


@pytest.mark.parametrize(
    ("theirs", "ours", "category"),
    [(1_000, 1_001, "rounding"), (1_000, 1_002, "amount_differs"), (1_000, 990, "amount_differs")],
)
def test_amounts_that_differ(
    merchant: int, account: str, theirs: int, ours: int, category: str
) -> None:
    move(merchant, Move("payment", "T1", ours))

    reconcile(merchant, [line("T1", theirs)])

    (found,) = differences(merchant)
    assert (found.category, found.theirs_minor, found.ours_minor) == (category, theirs, ours)
    assert_sound(merchant)


def test_what_a_provider_keeps_as_agreed_is_booked(merchant: int) -> None:
    open_account(merchant, fee_per_million=6_000)
    move(merchant, Move("payment", "T1", 10_000), Move("payment", "T2", 5_000))

    file = reconcile(merchant, [line("T1", 10_000, fee_minor=60), line("T2", 5_000, fee_minor=31)])

    assert (file.matched, file.differences, file.booked_minor) == (2, 0, -91)
    assert booked(merchant) == {"fee": -91}
    assert_sound(merchant)


def test_more_than_was_agreed_is_not_booked(merchant: int) -> None:
    open_account(merchant, fee_per_million=6_000)
    move(merchant, Move("payment", "T1", 10_000))

    file = reconcile(merchant, [line("T1", 10_000, fee_minor=100)])

    (found,) = differences(merchant)
    assert (found.category, found.difference_minor) == ("fee_differs", -40)
    assert (file.booked_minor, booked(merchant)) == (-60, {"fee": -60})
    assert_sound(merchant)


def test_a_fee_that_is_booked_already_is_compared(merchant: int, account: str) -> None:
    move(
        merchant,
        Move("payment", "T1", 10_000),
        Move("fee", "T1", -60),
        Move("payment", "T2", 10_000),
        Move("fee", "T2", -60),
    )

    file = reconcile(merchant, [line("T1", 10_000, fee_minor=60), line("T2", 10_000, fee_minor=65)])

    assert categories(merchant) == {"T2": "fee_differs"}
    assert (file.booked_minor, file.differences_minor, booked(merchant)) == (0, -5, {})
    assert_sound(merchant)


def test_a_line_that_stands_twice(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "T1", 500))

    file = reconcile(
        merchant, [line("T1", 500), line("T1", 500), line("X", 9), line("X", 9), line("X", 9)]
    )

    found = [(each.reference, each.category) for each in differences(merchant)]
    assert file.matched == 1
    assert found == [
        ("T1", "duplicate_at_provider"),
        ("X", "missing_in_books"),
        ("X", "duplicate_at_provider"),
        ("X", "duplicate_at_provider"),
    ]
    assert_sound(merchant)


def test_a_line_that_stood_in_the_file_of_the_day_before(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "T1", 500))
    reconcile(merchant, [line("T1", 500)])

    reconcile(merchant, [line("T1", 500, day=TOMORROW)], day=TOMORROW)

    assert categories(merchant) == {"T1": "duplicate_at_provider"}
    assert_sound(merchant)


def test_what_we_have_twice(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "T1", 500, "4200"), Move("payment", "T1-again", 500, "4200"))

    reconcile(merchant, [line("T1", 500, their_reference="4200")])

    assert categories(merchant) == {"T1-again": "duplicate_here"}
    assert_sound(merchant)


def test_another_currency(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "T1", 500))

    bill = wechat_file([line("T1", 500, currency="USD"), line("U", 70, currency="USD")])

    file = reconcile(merchant, bill, file_format="wechat_trade")

    assert categories(merchant) == {"T1": "currency_differs", "U": "currency_differs"}
    assert (file.theirs_minor, file.ours_minor, file.unexplained_minor) == (0, 500, 0)
    assert_sound(merchant)


@pytest.mark.parametrize(
    ("kind", "amount_minor", "category"),
    [
        ("chargeback", -500, "dispute"),
        ("transfer_returned", 500, "payout_returned"),
        ("other", 500, "unknown_kind"),
        ("adjustment", 500, "missing_in_books"),
    ],
)
def test_lines_of_other_kinds(
    merchant: int, account: str, kind: str, amount_minor: int, category: str
) -> None:
    reconcile(merchant, [line("L", amount_minor, kind=kind)])  # type: ignore[arg-type]

    assert categories(merchant) == {"L": category}
    assert_sound(merchant)


def test_a_payment_at_midnight_waits_for_the_neighbours_file_and_is_in_it(
    merchant: int, account: str
) -> None:
    move(merchant, Move("payment", "LATE", 700, at=at("23:59:59")), Move("payment", "T1", 100))

    today = reconcile(merchant, [line("T1", 100)])
    waiting = [(each.category, each.state, each.due_on) for each in differences(merchant)]
    tomorrow = reconcile(
        merchant, [line("LATE", 700, clock="00:00:02", day=TOMORROW)], day=TOMORROW
    )

    assert waiting == [("day_border", "waiting", DAY + timedelta(days=2))]
    assert today.differences == 1
    assert (tomorrow.matched, tomorrow.differences) == (1, 0)
    assert differences(merchant) == []
    assert [each.state for each in differences(merchant, state="matched")] == ["matched"]
    assert_sound(merchant)


def test_what_is_not_in_the_neighbours_file_is_missing(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "LATE", 700, at=at("23:59:59")), Move("payment", "T1", 100))
    reconcile(merchant, [line("T1", 100)])

    reconcile(merchant, [], day=TOMORROW)

    (found,) = differences(merchant)
    assert (found.category, found.state) == ("missing_at_provider", "open")
    assert_sound(merchant)


def test_a_neighbours_line_that_came_first_takes_the_movement(merchant: int, account: str) -> None:
    move(merchant, Move("payment", "EARLY", 700, at=at("00:00:01", day=TOMORROW)))

    file = reconcile(merchant, [line("EARLY", 700, clock="23:59:59")])

    assert (file.matched, stages(merchant)) == (1, {"day_border"})
    assert reconcile(merchant, [], day=TOMORROW).differences == 0
    assert_sound(merchant)


def test_what_the_books_learn_later_settles_a_difference(merchant: int, account: str) -> None:
    file = reconcile(merchant, [line("R1", -300, kind="refund"), line("T1", 800)])
    assert [each.category for each in differences(merchant)] == ["missing_in_books"] * 2

    move(
        merchant,
        Move("refund", "R1", -300, at=at(day=DAY + timedelta(days=3))),
        Move("payment", "T1", 810),
    )
    again = work_on_file(merchant_id=merchant, file_id=file.id, now=NOW)

    assert (again.matched, again.differences) == (1, 1)
    assert categories(merchant) == {"T1": "amount_differs"}
    assert_sound(merchant)


def test_a_refund_that_is_done_later_is_settled_by_the_later_days_file(
    merchant: int, account: str
) -> None:
    later = DAY + timedelta(days=3)
    reconcile(merchant, [line("R1", -300, kind="refund")])
    move(merchant, Move("refund", "R1", -300, at=at(day=later)))

    reconcile(merchant, [], day=later)

    assert differences(merchant) == []
    assert_sound(merchant)


def test_a_banks_credit_is_the_net_of_a_providers_day(merchant: int) -> None:
    till = open_account(merchant, fee_per_million=6_000)
    bank = open_account(merchant, code="bank")
    move(merchant, Move("payment", "T1", 1_000_000))
    yesterday = DAY - timedelta(days=1)
    reconcile(
        merchant,
        [line("T1", 1_000_000, fee_minor=6_000, day=yesterday)],
        day=yesterday,
        account=till,
    )
    settle_to(merchant, till, bank)

    file = reconcile(merchant, BANK, account=bank, file_format="bank")

    assert (file.matched, stages(merchant)) == (1, {"days_net", "day_border"})
    assert categories(merchant) == {
        "TR-20261110-7": "payout_returned",
        "": "missing_in_books",
    }
    assert_sound(merchant)


def stages(merchant: int) -> set[str]:
    with tenancy.scope(merchant_id=merchant):
        return set(Match.objects.of_merchant(merchant).values_list("stage", flat=True))


def settle_to(merchant: int, account: str, bank: str) -> None:
    with tenancy.scope(merchant_id=merchant):
        set_account(merchant_id=merchant, account_code=account, settles_to=bank, now=NOW)
