"""Payments as they are really taken, compared with the provider's statement."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.reconciliation.tests.factories import (
    ACCOUNT,
    NOW,
    assert_sound,
    at,
    categories,
    line,
    open_account,
    reconcile,
)

PAID = payments.Seen(
    state="paid", their_reference="S1", amount_minor=10_000, fee_minor=60, at=at("10:00:00")
)


def ask(
    merchant: int, *, seen: Mapping[int, payments.Seen] | None = None, document: str = "order:1"
) -> payments.Intent:
    """100.00 are asked for, or have been seen already."""
    with tenancy.scope(merchant_id=merchant):
        return payments.open_intent(
            merchant_id=merchant,
            new=payments.NewIntent(
                key=document,
                document=document,
                currency="CNY",
                amount_minor=10_000,
                subject="羊绒大衣",
                expires_at=NOW + timedelta(hours=1),
                tenders=(payments.NewTender(account_code=ACCOUNT, amount_minor=10_000),),
            ),
            seen=seen,
            now=NOW,
        )


@pytest.fixture(autouse=True)
def account(merchant: int) -> str:
    return open_account(merchant, fee_per_million=6_000)


def test_a_payment_and_its_fee_match_what_the_provider_says(merchant: int) -> None:
    (tender,) = ask(merchant, seen={1: PAID}).tenders

    file = reconcile(merchant, [line(tender.reference, 10_000, fee_minor=60, their_reference="S1")])

    assert (file.matched, file.differences) == (1, 0)
    assert (file.theirs_minor, file.ours_minor, file.booked_minor) == (9_940, 9_940, 0)
    assert_sound(merchant)
    with tenancy.scope(merchant_id=merchant):
        assert payments.check_invariants(merchant_id=merchant) == []


def test_what_is_paid_there_while_it_waits_here_differs_by_status(merchant: int) -> None:
    (tender,) = ask(merchant).tenders

    reconcile(merchant, [line(tender.reference, 10_000, fee_minor=60)])

    assert categories(merchant) == {tender.reference: "status_differs"}
    assert_sound(merchant)


def test_a_dispute_that_only_the_statement_tells_of_is_in_the_books_and_matches(
    merchant: int,
) -> None:
    (tender,) = ask(merchant, seen={1: PAID}).tenders

    file = reconcile(
        merchant,
        [
            line(tender.reference, 10_000, fee_minor=60, their_reference="S1"),
            line(tender.reference, -10_000, kind="chargeback", their_reference="D1"),
            line("nobody", -700, kind="chargeback", their_reference="D2"),
        ],
    )

    with tenancy.scope(merchant_id=merchant):
        (dispute,) = payments.disputes_of(merchant_id=merchant, document="order:1")
        assert payments.check_invariants(merchant_id=merchant) == []
    assert (dispute.state, dispute.amount_minor) == ("opened", 10_000)
    assert (file.matched, file.differences) == (2, 1)
    assert categories(merchant) == {"nobody": "dispute"}
    assert_sound(merchant)
