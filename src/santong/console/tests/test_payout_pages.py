"""Payouts on the console: drafted by one, approved by another, and sent again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from santong.console.tests.desk import Desk
from santong.console.tests.settlement_people import desk, make_people
from santong.kernel import tenancy
from santong.payments import public as payments
from santong.settlement import public as settlement
from santong.settlement.tests.factories import NOW, Shop, lines_of, tell

CLOSED_AT = NOW + timedelta(days=40)


@pytest.fixture
def shop(merchant: int) -> Shop:
    return make_people(merchant)


def newest_run(merchant_id: int) -> settlement.PayoutRun:
    with tenancy.scope(merchant_id=merchant_id):
        return settlement.payout_runs_page(merchant_id=merchant_id)[0]


def draft(shop: Shop, at: Desk) -> settlement.PayoutRun:
    at.send(
        "/console/payouts/begin/",
        account="simulated",
        minimum="1.00",
        per_second="30",
        way="account",
    )
    return newest_run(shop.merchant_id)


def test_who_drafts_a_payout_does_not_approve_it_and_another_does_once(shop: Shop) -> None:
    first, second = desk(shop.merchant_id, "first"), desk(shop.merchant_id, "second")
    run = draft(shop, first)
    approve = f"/console/payouts/{run.id}/approve/"

    status, text = first.send(approve)
    answers = [second.send(approve, key="tap") for _ in range(2)]

    assert run.amount_minor == 2_000
    assert status == 403
    assert "another person has to approve it" in text
    assert [status for status, _ in answers] == [200, 200]
    after = newest_run(shop.merchant_id)
    assert (after.id, after.state, after.lines) == (run.id, "approved", 2)


def test_what_is_no_amount_is_said_beside_the_form_and_drafts_nothing(shop: Shop) -> None:
    at = desk(shop.merchant_id, "first")

    status, _ = at.send(
        "/console/payouts/begin/",
        account="simulated",
        way="account",
        minimum="much",
        per_second="30",
    )

    assert status == 422
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert settlement.payout_runs_page(merchant_id=shop.merchant_id) == []


def test_nothing_is_paid_out_of_cards(shop: Shop) -> None:
    at = desk(shop.merchant_id, "first")
    with tenancy.scope(merchant_id=shop.merchant_id):
        payments.open_payment_account(
            merchant_id=shop.merchant_id,
            code="gifts",
            provider="gift_card",
            method="gift_card",
            name="礼品卡",
            currency="CNY",
            now=NOW,
        )

    _, text = at.open("/console/payouts/")
    status, _ = at.send(
        "/console/payouts/begin/", account="gifts", way="account", minimum="1.00", per_second="30"
    )

    assert "(simulated, CNY)" in text
    assert "gifts" not in text
    assert status == 422
    with tenancy.scope(merchant_id=shop.merchant_id):
        assert settlement.payout_runs_page(merchant_id=shop.merchant_id) == []


def test_a_line_that_failed_says_why_and_is_sent_again_once(shop: Shop) -> None:
    merchant_id = shop.merchant_id
    at = desk(merchant_id, "first")
    run = draft(shop, at)
    desk(merchant_id, "second").send(f"/console/payouts/{run.id}/approve/")
    with tenancy.scope(merchant_id=merchant_id):
        settlement.send_payouts(merchant_id=merchant_id, limit=10, now=CLOSED_AT)
        failed, done = lines_of(merchant_id, run)
        tell(merchant_id, failed, "failed", why="account closed")
        tell(merchant_id, done, "done")
    ended = newest_run(merchant_id)

    _, text = at.open(f"/console/payouts/{run.id}/?state=failed")
    retry = f"/console/payouts/lines/{failed.id}/retry/"
    answers = [at.send(retry, key="tap", reason="account opened again") for _ in range(2)]

    assert ended.state == "ended"
    assert "account closed" in text
    assert [status for status, _ in answers] == [200, 200]
    with tenancy.scope(merchant_id=merchant_id):
        assert settlement.payout_line(merchant_id=merchant_id, line_id=failed.id).state == "planned"
        assert settlement.payout_line(merchant_id=merchant_id, line_id=done.id).state == "done"
    assert newest_run(merchant_id).state == "approved"


def test_a_payout_is_given_up_with_a_reason(shop: Shop) -> None:
    at = desk(shop.merchant_id, "first")
    run = draft(shop, at)

    status, _ = at.send(f"/console/payouts/{run.id}/cancel/", reason="")
    at.send(f"/console/payouts/{run.id}/cancel/", reason="wrong account")

    assert status == 422
    assert newest_run(shop.merchant_id).state == "cancelled"
