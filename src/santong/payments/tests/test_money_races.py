"""Money that is contended is taken and given exactly: real threads, real commits."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.payments.contracts import Notice, Seen, SeenMove
from santong.payments.models import Movement
from santong.payments.services.claim_errands import claim_errands
from santong.payments.services.see_payment import see_payment
from santong.payments.services.see_refund import see_refund
from santong.payments.services.take_notice import take_notice
from santong.payments.tests.money import (
    NOW,
    SOON,
    make_account,
    make_intent,
    make_paid,
    make_refund,
    new_document,
    new_intent,
    see_parts,
    stands,
)
from santong.payments.tests.test_races import in_scope

AtOnce = Callable[..., list[Any]]
ROUNDS = int(os.environ.get("SANTONG_RACE_ROUNDS", "6"))
MANY = 12


def sound(merchant: int) -> bool:
    with tenancy.scope(merchant_id=merchant):
        return payments.check_invariants(merchant_id=merchant, now=NOW) == []


@pytest.fixture
def open_shop(merchant: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        make_account(merchant_id=merchant)
    return merchant


def seen(merchant: int, reference: str, **said: Any) -> Callable[[], Any]:
    return in_scope(merchant, see_payment, reference=reference, seen=Seen(**said))


def test_one_of_many_asks_for_a_document(open_shop: int, at_once: AtOnce) -> None:
    document = new_document()

    answers = at_once(
        *[
            in_scope(open_shop, payments.open_intent, new=new_intent(document=document))
            for _ in range(MANY)
        ]
    )

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"Intent": 1, "AlreadyAsked": MANY - 1}
    assert sound(open_shop)


def test_one_request_told_many_times_is_one_intent(open_shop: int, at_once: AtOnce) -> None:
    new = new_intent()

    answers = at_once(*[in_scope(open_shop, payments.open_intent, new=new) for _ in range(MANY)])

    assert len({answer.id for answer in answers}) == 1


def test_a_payment_told_many_times_at_once_comes_in_once(open_shop: int, at_once: AtOnce) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=open_shop):
            intent = make_intent(merchant_id=open_shop)
        reference = intent.tenders[0].reference

        at_once(
            *[seen(open_shop, reference, state="paid", amount_minor=10_000) for _ in range(6)],
            *[seen(open_shop, reference, state="waiting") for _ in range(2)],
        )

        with tenancy.scope(merchant_id=open_shop):
            assert Movement.objects.filter(document=intent.document).count() == 1
            owner = intent.document
            assert stands(merchant_id=open_shop, kind="document", owner=owner) == 10_000
    assert sound(open_shop)


def test_paid_closed_cancelled_and_expired_at_once_nothing_is_lost(
    open_shop: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=open_shop):
            intent = make_intent(merchant_id=open_shop)
        reference = intent.tenders[0].reference

        at_once(
            seen(open_shop, reference, state="paid", amount_minor=10_000),
            seen(open_shop, reference, state="closed"),
            in_scope(
                open_shop, payments.cancel_intent, intent_id=intent.id, reason="out of patience"
            ),
            in_scope(open_shop, payments.expire_intents, now=SOON),
        )

        with tenancy.scope(merchant_id=open_shop):
            after = payments.intent_by_id(merchant_id=open_shop, intent_id=intent.id)
        assert after.received_minor == 10_000
        assert after.tenders[0].state == "captured"
        assert after.state in {"paid", "cancelled", "expired"}
    assert sound(open_shop)


def test_refunds_at_once_give_back_what_came_in_and_no_more(
    open_shop: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=open_shop):
            intent = make_paid(merchant_id=open_shop, amount=10_000)

        answers = at_once(
            *[
                in_scope(
                    open_shop,
                    payments.refund,
                    document=intent.document,
                    key=f"{intent.document}-{place}",
                    amount_minor=3_000,
                    currency="CNY",
                    reason="no fit",
                )
                for place in range(6)
            ]
        )

        kinds = Counter(type(answer).__name__ for answer in answers)
        assert kinds == {"Refund": 3, "MoreThanReceived": 3}
    assert sound(open_shop)


def test_a_refund_told_done_and_failed_at_once_is_one_of_them(
    open_shop: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=open_shop):
            intent = make_paid(merchant_id=open_shop, amount=10_000)
            asked = make_refund(merchant_id=open_shop, document=intent.document, amount=4_000)
        reference = asked.parts[0].reference

        at_once(
            *[
                in_scope(
                    open_shop, see_refund, reference=reference, seen=SeenMove(state=state, at=NOW)
                )
                for state in ("done", "failed", "done", "working")
            ]
        )

        with tenancy.scope(merchant_id=open_shop):
            after = payments.refund_by_id(merchant_id=open_shop, refund_id=asked.id)
            left = stands(merchant_id=open_shop, kind="document", owner=intent.document)
        assert (after.state, left) == ("done", 6_000)
    assert sound(open_shop)


def test_a_refund_given_up_tried_again_and_done_at_once_is_counted_once(
    open_shop: int, at_once: AtOnce
) -> None:
    for _ in range(ROUNDS):
        with tenancy.scope(merchant_id=open_shop):
            intent = make_paid(merchant_id=open_shop, amount=10_000)
            asked = make_refund(merchant_id=open_shop, document=intent.document, amount=10_000)
            failed = SeenMove(state="failed", why="CLOSED")
            see_parts(asked, failed, merchant_id=open_shop)
        reference = asked.parts[0].reference
        about: dict[str, Any] = {"refund_id": asked.id, "reason": "at once"}

        at_once(
            in_scope(open_shop, payments.give_up_refund, **about),
            in_scope(open_shop, payments.retry_refund, **about),
            in_scope(open_shop, payments.give_up_refund, **about),
            in_scope(
                open_shop, see_refund, reference=reference, seen=SeenMove(state="done", at=NOW)
            ),
        )

        with tenancy.scope(merchant_id=open_shop):
            after = payments.refund_by_id(merchant_id=open_shop, refund_id=asked.id)
            for part in after.parts:
                see_refund(
                    merchant_id=open_shop,
                    reference=part.reference,
                    seen=SeenMove(state="done", at=NOW),
                    now=NOW,
                )
            after = payments.refund_by_id(merchant_id=open_shop, refund_id=asked.id)
            left = stands(merchant_id=open_shop, kind="document", owner=intent.document)
        assert (after.state, after.done_minor, left) == ("done", 10_000, 0)
    assert sound(open_shop)


def test_a_party_is_never_sent_more_than_it_is_owed(open_shop: int, at_once: AtOnce) -> None:
    party = "party:9"
    payable = payments.payable_account(currency="CNY", party=party)
    with tenancy.scope(merchant_id=open_shop):
        payments.post(
            merchant_id=open_shop,
            source="test",
            txn=payments.NewTxn(
                key="share",
                kind="share",
                entries=(
                    payments.NewEntry(payable, 1_000),
                    payments.NewEntry(
                        payments.AccountKey("money:CNY", "shared", "order:1"), -1_000
                    ),
                ),
                occurred_at=NOW,
            ),
            now=NOW,
        )

    answers = at_once(
        *[
            in_scope(
                open_shop,
                payments.transfer,
                source="test",
                key=f"payout-{place}",
                account_code="simulated",
                party=party,
                receiver="dealer-9",
                amount_minor=300,
                currency="CNY",
                reason="shares of November",
            )
            for place in range(8)
        ]
    )

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"Transfer": 3, "MoreThanPayable": 5}
    assert sound(open_shop)


def test_no_more_is_shared_out_of_a_payment_than_it_has_left(
    open_shop: int, at_once: AtOnce
) -> None:
    parties = [f"party:{number}" for number in range(1, 9)]
    with tenancy.scope(merchant_id=open_shop):
        intent = make_paid(merchant_id=open_shop, amount=1_000)
        payments.post(
            merchant_id=open_shop,
            source="test",
            txn=payments.NewTxn(
                key="shares",
                kind="share",
                entries=(
                    *(
                        payments.NewEntry(
                            payments.payable_account(currency="CNY", party=party), 300
                        )
                        for party in parties
                    ),
                    payments.NewEntry(
                        payments.AccountKey("money:CNY", "shared", intent.document), -2_400
                    ),
                ),
                occurred_at=NOW,
            ),
            now=NOW,
        )

    answers = at_once(
        in_scope(
            open_shop,
            payments.refund,
            document=intent.document,
            key="back",
            amount_minor=250,
            currency="CNY",
            reason="too small",
        ),
        *[
            in_scope(
                open_shop,
                payments.transfer,
                source="test",
                key=f"payout-{party}",
                account_code="simulated",
                party=party,
                receiver="dealer-9",
                amount_minor=300,
                currency="CNY",
                reason="shares of November",
                tender_id=intent.tenders[0].id,
            )
            for party in parties
        ],
    )

    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds["Refund"] == 1
    # The refund is let through whenever it comes: a buyer does not wait for a dealer.
    assert kinds["Transfer"] in {2, 3}
    assert kinds["MoreThanLeft"] == 8 - kinds["Transfer"]
    assert sound(open_shop)


def test_every_errand_is_claimed_by_one_worker(open_shop: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=open_shop):
        for _ in range(20):
            make_intent(merchant_id=open_shop)

    answers = at_once(*[in_scope(open_shop, claim_errands, most=5, until=SOON) for _ in range(6)])

    claimed = [errand.work_id for errands in answers for errand in errands]
    assert len(claimed) == len(set(claimed)) == 20


def test_a_notice_that_comes_many_times_at_once_is_one(open_shop: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=open_shop):
        intent = make_intent(merchant_id=open_shop)
    reference = intent.tenders[0].reference
    notice = Notice(
        number="n-1",
        about="payment",
        reference=reference,
        payment=Seen(state="paid", amount_minor=10_000, at=NOW),
    )

    answers = at_once(
        *[
            in_scope(open_shop, take_notice, account_code="simulated", notice=notice)
            for _ in range(MANY)
        ]
    )

    assert answers == [True] * MANY
    with tenancy.scope(merchant_id=open_shop):
        after = payments.intent_by_id(merchant_id=open_shop, intent_id=intent.id)
        elsewhere = make_account(merchant_id=open_shop, code="other")
        is_ours = take_notice(merchant_id=open_shop, account_code=elsewhere, notice=notice, now=NOW)
    assert after.received_minor == 10_000
    assert not is_ours
    assert sound(open_shop)
