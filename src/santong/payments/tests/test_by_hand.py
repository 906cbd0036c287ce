"""What people do about money by hand: look first, ask again, change where it comes in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.payments import public as payments
from santong.payments.contracts import Seen
from santong.payments.models import PaymentAccount, Work
from santong.payments.selectors.payment_accounts import access_of
from santong.payments.services.claim_errands import claim_errands
from santong.payments.services.settle_errand import settle_payment_errand
from santong.payments.tests.money import (
    NOW,
    make_account,
    make_intent,
    make_paid,
    make_refund,
    new_intent,
    see,
    tender,
)
from santong.payments.tests.providers.keys import private_pem, public_pem
from santong.payments.tests.test_races import in_scope

AtOnce = Callable[..., list[Any]]
LATER = NOW + timedelta(hours=2)
MANY = 8
WECHAT = {
    "mchid": "1900000001",
    "appid": "wx0000000000000001",
    "certificate_serial": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
    "platform_key_id": "PUB_KEY_ID_0000000000000000000000000000000001",
}


def closed_intent(merchant_id: int) -> payments.Intent:
    """Asked for, never paid, and closed: nothing is left to ask."""
    intent = make_intent(merchant_id=merchant_id)
    see(intent, Seen(state="closed"), merchant_id=merchant_id)
    Work.objects.filter(subject_id=intent.tenders[0].id).update(due_at=None, step="close")
    return intent


def work_of(intent: payments.Intent) -> Work:
    return Work.objects.get(about="payment", subject_id=intent.tenders[0].id)


def test_what_was_closed_is_looked_up_again_and_late_money_comes_in(merchant_id: int) -> None:
    intent = closed_intent(merchant_id)

    payments.ask_payment_again(merchant_id=merchant_id, tender_id=intent.tenders[0].id, now=LATER)
    (errand,) = claim_errands(
        merchant_id=merchant_id, most=1, until=LATER + timedelta(minutes=1), now=LATER
    )
    settle_payment_errand(
        merchant_id=merchant_id,
        errand=errand,
        seen=Seen(state="paid", amount_minor=10_000, at=LATER),
        now=LATER,
    )

    assert errand.step == "query"
    found = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (found.received_minor, found.tenders[0].is_late) == (10_000, True)
    assert work_of(intent).due_at is None


def test_whoever_is_asking_at_this_moment_is_not_disturbed(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id)
    until = LATER + timedelta(minutes=1)
    claim_errands(merchant_id=merchant_id, most=1, until=until, now=LATER)
    before = work_of(intent)

    payments.ask_payment_again(merchant_id=merchant_id, tender_id=intent.tenders[0].id, now=LATER)

    after = work_of(intent)
    assert (after.claim, after.claimed_until, after.due_at, after.step) == (
        before.claim,
        before.claimed_until,
        before.due_at,
        before.step,
    )


def test_nothing_is_asked_of_what_came_in_or_is_unknown(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id)

    with pytest.raises(payments.NothingToAsk), transaction.atomic():
        payments.ask_payment_again(
            merchant_id=merchant_id, tender_id=intent.tenders[0].id, now=LATER
        )
    with pytest.raises(NoSuch), transaction.atomic():
        payments.ask_payment_again(merchant_id=merchant_id, tender_id=2**40, now=LATER)
    with pytest.raises(NoSuch), transaction.atomic():
        payments.ask_refund_again(merchant_id=merchant_id, part_id=2**40, now=LATER)


def test_many_ask_again_at_once_and_it_is_asked_once(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        intent = closed_intent(merchant)

    answers = at_once(
        *[
            in_scope(merchant, payments.ask_payment_again, tender_id=intent.tenders[0].id)
            for _ in range(MANY)
        ]
    )

    assert answers == [None] * MANY
    with tenancy.scope(merchant_id=merchant):
        claimed = claim_errands(
            merchant_id=merchant, most=10, until=LATER + timedelta(minutes=1), now=LATER
        )
    assert [errand.step for errand in claimed] == ["query"]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(st.integers(1, 500), min_size=1, max_size=4),
    before=st.integers(0, 300),
    wanted=st.integers(1, 2_000),
)
def test_a_refund_goes_as_its_plan_said(
    merchant_id: int, parts: list[int], before: int, wanted: int
) -> None:
    with transaction.atomic():
        codes = ["simulated", make_account(merchant_id=merchant_id, code="second")]
        intent = make_paid(
            merchant_id=merchant_id,
            amount=sum(parts),
            tenders=tuple(tender(codes[number % 2], amount) for number, amount in enumerate(parts)),
        )
        if 0 < before < sum(parts):
            make_refund(merchant_id=merchant_id, document=intent.document, amount=before)

        plan = payments.refund_plan(
            merchant_id=merchant_id,
            document=intent.document,
            currency="CNY",
            amount_minor=wanted,
        )

        if plan.parts:
            done = make_refund(merchant_id=merchant_id, document=intent.document, amount=wanted)
            assert [(part.tender_id, part.amount_minor) for part in plan.parts] == [
                (part.tender_id, part.amount_minor) for part in done.parts
            ]
        else:
            assert wanted > plan.refundable_minor
            with pytest.raises(payments.MoreThanReceived), transaction.atomic():
                make_refund(merchant_id=merchant_id, document=intent.document, amount=wanted)


def test_an_account_that_is_closed_takes_nothing_and_gives_back(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id)

    closed = [
        payments.close_payment_account(
            merchant_id=merchant_id, code="simulated", reason="not ours any more", now=LATER
        ).is_open
        for _ in range(2)
    ]

    assert closed == [False, False]
    with pytest.raises(payments.PaymentAccountClosed), transaction.atomic():
        payments.open_intent(merchant_id=merchant_id, new=new_intent(), now=NOW)
    refund = make_refund(merchant_id=merchant_id, document=intent.document, amount=100)
    assert [part.state for part in refund.parts] == ["queued"]
    payments.reopen_payment_account(
        merchant_id=merchant_id, code="simulated", reason="ours again", now=LATER
    )
    again = payments.open_intent(merchant_id=merchant_id, new=new_intent(), now=NOW)
    assert again.state == "open"


def test_a_secret_that_is_not_given_stays(merchant_id: int) -> None:
    secrets = {
        "private_key": private_pem("shop"),
        "platform_key": public_pem("platform"),
        "api_v3_key": "k" * 32,
    }
    code = make_account(
        merchant_id=merchant_id,
        provider="wechat_pay",
        code="wx",
        settings=WECHAT,
        secrets=secrets,
    )

    payments.change_payment_account(
        merchant_id=merchant_id,
        code=code,
        name="微信",
        settings={**WECHAT, "mchid": "1900000002"},
        secrets={"api_v3_key": "n" * 32, "private_key": ""},
        fee_per_million=6_000,
        now=LATER,
    )

    access = access_of(merchant_id=merchant_id, code=code)
    assert access.secrets == {**secrets, "api_v3_key": "n" * 32}
    assert access.settings["mchid"] == "1900000002"
    assert payments.secret_names(merchant_id=merchant_id, code=code) == tuple(sorted(secrets))


def test_a_change_that_is_wrong_leaves_nothing_behind(merchant_id: int) -> None:
    code = make_account(merchant_id=merchant_id, code="counter", provider="terminal", method="card")
    before = PaymentAccount.objects.get(code=code)

    with pytest.raises(FieldInvalid), transaction.atomic():
        payments.change_payment_account(
            merchant_id=merchant_id,
            code=code,
            name="",
            settings={},
            secrets={},
            fee_per_million=0,
            now=LATER,
        )
    with pytest.raises(FieldInvalid), transaction.atomic():
        payments.change_payment_account(
            merchant_id=merchant_id,
            code=code,
            name="刷卡",
            settings={},
            secrets={},
            fee_per_million=200_001,
            now=LATER,
        )

    after = PaymentAccount.objects.get(code=code)
    assert (after.name, after.fee_per_million) == (before.name, before.fee_per_million)
