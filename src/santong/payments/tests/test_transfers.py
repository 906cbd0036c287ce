"""Money that parties are sent, and disputes about what came in."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.payments import public as payments
from santong.payments.contracts import SeenDispute, SeenMove
from santong.payments.events import DisputeChanged, TransferEnded
from santong.payments.models import Dispute, Movement, Work
from santong.payments.services.claim_errands import claim_errands
from santong.payments.services.see_dispute import see_dispute
from santong.payments.services.see_transfer import see_transfer
from santong.payments.services.settle_errand import settle_move_errand
from santong.payments.tests.factories import facts_told
from santong.payments.tests.money import NOW, make_account, make_paid, make_refund, stands

_numbers = itertools.count(1)
PARTY = "party:7"
TO_A_DEALER: dict[str, Any] = {
    "account_code": "simulated",
    "party": PARTY,
    "receiver": "dealer-7",
    "currency": "CNY",
    "reason": "十一月分账",
}


def owe(amount: int, *, merchant_id: int) -> None:
    """A party may be paid so much."""
    payments.post(
        merchant_id=merchant_id,
        source="test",
        txn=payments.NewTxn(
            key=f"share-{next(_numbers)}",
            kind="share",
            entries=(
                payments.NewEntry(payments.payable_account(currency="CNY", party=PARTY), amount),
                payments.NewEntry(payments.AccountKey("money:CNY", "shared", "order:1"), -amount),
            ),
            occurred_at=NOW,
        ),
        now=NOW,
    )


def send(amount: int, *, merchant_id: int, **more: Any) -> payments.Transfer:
    given = {"source": "test", "key": f"payout-{next(_numbers)}", **TO_A_DEALER, **more}
    return payments.transfer(merchant_id=merchant_id, amount_minor=amount, now=NOW, **given)


def new_transfer(amount: int, **more: Any) -> payments.NewTransfer:
    given = {"key": f"payout-{next(_numbers)}", **TO_A_DEALER, **more}
    return payments.NewTransfer(amount_minor=amount, **given)


def seen(transfer: payments.Transfer, *, merchant_id: int, **said: Any) -> None:
    see_transfer(
        merchant_id=merchant_id, reference=transfer.reference, seen=SeenMove(**said), now=NOW
    )


def payable(merchant_id: int) -> int:
    return stands(merchant_id=merchant_id, kind="payable", owner=PARTY)


def transit(merchant_id: int) -> int:
    return stands(merchant_id=merchant_id, kind="in_transit", owner="simulated")


def test_leaves_what_is_payable_at_once_and_the_account_when_it_arrives(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    owe(1_000, merchant_id=merchant_id)

    sent = send(700, merchant_id=merchant_id)
    between = (payable(merchant_id), transit(merchant_id))
    for _ in range(2):
        seen(sent, merchant_id=merchant_id, state="done", fee_minor=1)

    assert between == (300, 700)
    assert (payable(merchant_id), transit(merchant_id)) == (300, 0)
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == 701
    moved = Movement.objects.filter(subject=f"transfer:{sent.id}").order_by("id")
    assert [(m.kind, m.amount_minor) for m in moved] == [("transfer", -700), ("fee", -1)]
    told = facts_told(merchant_id=merchant_id, kind=TransferEnded)
    assert [(fact.state, fact.amount_minor) for fact in told] == [("done", 700)]


def test_no_party_is_sent_more_than_it_may_be_paid(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    owe(1_000, merchant_id=merchant_id)
    send(600, merchant_id=merchant_id)

    with pytest.raises(payments.MoreThanPayable) as refused, transaction.atomic():
        send(401, merchant_id=merchant_id)

    assert refused.value.payable_minor == 400


def test_the_same_key_is_the_same_transfer(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    owe(1_000, merchant_id=merchant_id)

    first = send(600, merchant_id=merchant_id, key="once")
    again = send(600, merchant_id=merchant_id, key="once")

    assert again == first
    assert payable(merchant_id) == 400
    with pytest.raises(payments.IntentKeyTaken), transaction.atomic():
        send(601, merchant_id=merchant_id, key="once")


def test_of_many_each_is_queued_or_says_why_not(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    make_account(merchant_id=merchant_id, code="dollars", currency="USD")
    owe(1_000, merchant_id=merchant_id)
    before = send(100, merchant_id=merchant_id, key="before")

    found = payments.queue_transfers(
        merchant_id=merchant_id,
        source="test",
        wanted=[
            new_transfer(600),
            new_transfer(1, receiver="4111111111111111"),
            new_transfer(1, receiver="nul\0"),
            new_transfer(1, account_code="nowhere"),
            new_transfer(1, account_code="dollars"),
            new_transfer(1, tender_id=1),
            new_transfer(301),
            new_transfer(100, key="before"),
            new_transfer(101, key="before"),
            new_transfer(200, key="twice"),
            new_transfer(200, key="twice"),
        ],
        now=NOW,
    )

    assert [getattr(each, "code", "") for each in found] == [
        "",
        "payments.card_number_seen",
        "kernel.field_invalid",
        "kernel.no_such",
        "kernel.field_invalid",
        "kernel.field_invalid",
        "payments.more_than_payable",
        "",
        "payments.request_key_taken",
        "",
        "",
    ]
    assert (found[7], found[9]) == (before, found[10])
    assert (payable(merchant_id), transit(merchant_id)) == (100, 900)
    assert Work.objects.filter(about="transfer", step="transfer", due_at=NOW).count() == 3


@pytest.mark.parametrize("state", ["failed", "returned"])
def test_what_could_not_be_sent_is_owed_again(merchant_id: int, state: str) -> None:
    make_account(merchant_id=merchant_id)
    owe(1_000, merchant_id=merchant_id)
    sent = send(700, merchant_id=merchant_id)
    seen(sent, merchant_id=merchant_id, state="working")

    seen(sent, merchant_id=merchant_id, state=state, why="NO_SUCH_RECEIVER")

    after = payments.transfer_by_id(merchant_id=merchant_id, transfer_id=sent.id)
    assert (after.state, after.why) == ("failed", "NO_SUCH_RECEIVER")
    assert (payable(merchant_id), transit(merchant_id)) == (1_000, 0)
    assert Movement.objects.filter(subject=f"transfer:{sent.id}").count() == 0
    assert Work.objects.get(about="transfer", subject_id=sent.id).due_at is None


@pytest.mark.parametrize(
    "said", [SeenMove(state="working"), None], ids=["works_on_it", "does_not_answer"]
)
def test_while_a_provider_has_not_ended_it_it_is_asked_for(
    merchant_id: int, said: SeenMove | None
) -> None:
    make_account(merchant_id=merchant_id)
    owe(1_000, merchant_id=merchant_id)
    sent = send(700, merchant_id=merchant_id)
    until = NOW + timedelta(minutes=1)
    (errand,) = claim_errands(merchant_id=merchant_id, most=9, until=until, now=NOW)

    settle_move_errand(merchant_id=merchant_id, errand=errand, seen=said, now=NOW)

    work = Work.objects.get(about="transfer", subject_id=sent.id)
    assert (work.step, work.claimed_until) == ("query_sent", None)
    assert work.due_at is not None
    assert work.due_at > NOW


def test_what_came_back_after_it_had_arrived_is_owed_again(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    owe(1_000, merchant_id=merchant_id)
    sent = send(700, merchant_id=merchant_id)
    seen(sent, merchant_id=merchant_id, state="done")

    for _ in range(2):
        seen(sent, merchant_id=merchant_id, state="returned", why="account closed")

    assert (payable(merchant_id), transit(merchant_id)) == (1_000, 0)
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == 0
    told = facts_told(merchant_id=merchant_id, kind=TransferEnded)
    assert [fact.state for fact in told] == ["done", "returned"]


def dispute(intent: payments.Intent, state: Any, *, merchant_id: int, amount: int = 4_000) -> None:
    see_dispute(
        merchant_id=merchant_id,
        seen=SeenDispute(
            state=state,
            their_reference="D1",
            payment_reference=intent.tenders[0].reference,
            amount_minor=amount,
            at=NOW,
        ),
        now=NOW,
    )


def test_a_dispute_that_is_won_restores_what_was_there(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)

    for state in ("opened", "opened", "won", "won"):
        dispute(intent, state, merchant_id=merchant_id)

    after = payments.tender_by_id(merchant_id=merchant_id, tender_id=intent.tenders[0].id)
    assert (after.disputed_minor, after.refundable_minor) == (0, 10_000)
    assert stands(merchant_id=merchant_id, kind="disputed", owner="simulated") == 0
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == -10_000
    told = facts_told(merchant_id=merchant_id, kind=DisputeChanged)
    assert [fact.state for fact in told] == ["opened", "won"]


def test_a_dispute_that_is_lost_is_a_refund(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)

    dispute(intent, "lost", merchant_id=merchant_id)
    dispute(intent, "opened", merchant_id=merchant_id)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (after.refunded_minor, after.tenders[0].refundable_minor) == (4_000, 6_000)
    assert stands(merchant_id=merchant_id, kind="document", owner=intent.document) == 6_000
    assert stands(merchant_id=merchant_id, kind="disputed", owner="simulated") == 0
    assert Dispute.objects.get(tender=intent.tenders[0].id).state == "lost"


def test_what_is_fought_about_is_not_given_back_meanwhile(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    dispute(intent, "opened", merchant_id=merchant_id, amount=10_000)

    with pytest.raises(payments.MoreThanReceived), transaction.atomic():
        make_refund(merchant_id=merchant_id, document=intent.document, amount=1)


def test_a_fee_is_booked_once_for_its_reference(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    given: dict[str, Any] = {
        "merchant_id": merchant_id,
        "account_code": "simulated",
        "kind": "fee",
        "reference": "fee-2026-11-10",
        "their_reference": "",
        "amount_minor": -60,
        "moved_at": NOW,
        "reason": "月结手续费",
        "now": NOW,
    }

    first = payments.record_movement(**given)
    again = payments.record_movement(**given)

    assert again == first
    assert stands(merchant_id=merchant_id, kind="fees", owner="simulated") == -60
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == 60
