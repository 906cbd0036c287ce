"""A dispute about all that is left of a payment is opened, told again, and decided."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from django.db import transaction

from santong.kernel.errors import NoSuch
from santong.payments import public as payments
from santong.payments.contracts import SeenDispute, SeenMove
from santong.payments.events import DisputeChanged
from santong.payments.public import check_invariants
from santong.payments.services.see_dispute import see_dispute
from santong.payments.subscribers import end_what_waited_for_it
from santong.payments.tests.factories import facts_told
from santong.payments.tests.money import (
    NOW,
    make_account,
    make_paid,
    make_refund,
    see_parts,
    stands,
    tender,
)


@pytest.mark.parametrize(("decided", "at_provider"), [("won", -10_000), ("lost", 0)])
def test_a_dispute_about_everything_is_decided(
    merchant_id: int, decided: Literal["won", "lost"], at_provider: int
) -> None:
    intent = make_paid(merchant_id=merchant_id)

    def tell(state: Literal["opened", "won", "lost"]) -> int:
        seen = SeenDispute(
            state=state,
            their_reference="sd1",
            payment_reference=intent.tenders[0].reference,
            amount_minor=10_000,
            at=NOW,
        )
        see_dispute(merchant_id=merchant_id, seen=seen, now=NOW)
        return stands(merchant_id=merchant_id, kind="at_provider", owner="simulated")

    found = [tell("opened"), tell("opened"), tell(decided), tell(decided)]

    assert found == [0, 0, at_provider, at_provider]


def test_a_dispute_about_what_is_asked_back_is_heard_once_it_is_known_which_was_first(
    merchant_id: int,
) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=4_000)
    seen = SeenDispute(
        state="opened",
        their_reference="sd1",
        payment_reference=intent.tenders[0].reference,
        amount_minor=10_000,
        at=NOW,
    )

    with pytest.raises(NoSuch), transaction.atomic():
        see_dispute(merchant_id=merchant_id, seen=seen, now=NOW)
    see_parts(asked, SeenMove(state="failed", why="DISPUTED"), merchant_id=merchant_id)
    see_dispute(merchant_id=merchant_id, seen=seen, now=NOW)

    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == 0


def told(intent: payments.Intent, **more: Any) -> SeenDispute:
    given: dict[str, Any] = {
        "state": "opened",
        "their_reference": "sd1",
        "payment_reference": intent.tenders[0].reference,
        "amount_minor": 10_000,
        "at": NOW,
        **more,
    }
    return SeenDispute(**given)


def make_overtaken(merchant_id: int) -> tuple[payments.Intent, payments.Refund]:
    """A refund that the provider refused, for the buyer had fought for the money before."""
    intent = make_paid(merchant_id=merchant_id)
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=10_000)
    see_parts(asked, SeenMove(state="failed", why="MORE_THAN_PAID"), merchant_id=merchant_id)
    see_dispute(merchant_id=merchant_id, seen=told(intent), now=NOW)
    return intent, asked


def hear_all(merchant_id: int) -> None:
    for fact in facts_told(merchant_id=merchant_id, kind=DisputeChanged):
        end_what_waited_for_it(fact, merchant_id=merchant_id, now=NOW)


def test_a_refund_that_a_dispute_overtook_is_tried_again_once_it_is_won(merchant_id: int) -> None:
    intent, asked = make_overtaken(merchant_id)
    hear_all(merchant_id)
    while_open = payments.refund_by_id(merchant_id=merchant_id, refund_id=asked.id)

    see_dispute(merchant_id=merchant_id, seen=told(intent, state="won"), now=NOW)
    hear_all(merchant_id)

    now = payments.refund_by_id(merchant_id=merchant_id, refund_id=asked.id)
    assert (while_open.state, while_open.failed_minor) == ("failed", 10_000)
    assert (now.state, now.failed_minor, len(now.parts)) == ("working", 0, 2)


def test_a_refund_that_a_dispute_overtook_is_given_up_once_it_is_lost(merchant_id: int) -> None:
    intent, asked = make_overtaken(merchant_id)

    see_dispute(merchant_id=merchant_id, seen=told(intent, state="lost"), now=NOW)
    hear_all(merchant_id)

    now = payments.refund_by_id(merchant_id=merchant_id, refund_id=asked.id)
    assert (now.state, now.failed_minor, now.given_up_minor) == ("given_up", 0, 10_000)
    assert check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_only_what_can_never_go_back_is_given_up(merchant_id: int) -> None:
    """Two ways in; one was fought about. What came the other way can still go."""
    make_account(merchant_id=merchant_id)
    second = make_account(merchant_id=merchant_id, code="second")
    intent = make_paid(
        merchant_id=merchant_id, tenders=(tender("simulated", 7_000), tender(second, 3_000))
    )
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=10_000)
    see_parts(asked, SeenMove(state="failed", why="CLOSED"), merchant_id=merchant_id)

    lost = told(intent, state="lost", amount_minor=7_000)
    see_dispute(merchant_id=merchant_id, seen=lost, now=NOW)
    hear_all(merchant_id)

    now = payments.refund_by_id(merchant_id=merchant_id, refund_id=asked.id)
    assert (now.state, now.failed_minor, now.given_up_minor) == ("failed", 3_000, 7_000)


def test_a_person_leaves_a_refund_at_what_went_back_and_the_provider_is_still_believed(
    merchant_id: int,
) -> None:
    intent = make_paid(merchant_id=merchant_id)
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=4_000)
    see_parts(asked, SeenMove(state="failed", why="CLOSED"), merchant_id=merchant_id)

    left = payments.give_up_refund(
        merchant_id=merchant_id, refund_id=asked.id, reason="paid by transfer", now=NOW
    )
    again = payments.give_up_refund(
        merchant_id=merchant_id, refund_id=asked.id, reason="paid by transfer", now=NOW
    )
    retried = payments.retry_refund(
        merchant_id=merchant_id, refund_id=asked.id, reason="again", now=NOW
    )
    after_all = see_parts(asked, SeenMove(state="done"), merchant_id=merchant_id)

    assert (left.state, left.given_up_minor) == ("given_up", 4_000)
    assert (again, retried) == (left, left)
    assert (after_all.state, after_all.done_minor, after_all.given_up_minor) == ("done", 4_000, 0)
    assert check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_what_a_statement_tells_of_a_dispute_is_in_the_books(merchant_id: int) -> None:
    """Going out and coming back bear names of their own."""
    intent = make_paid(merchant_id=merchant_id)
    reference = intent.tenders[0].reference

    def line(their_reference: str, amount_minor: int) -> bool:
        return payments.see_chargeback(
            merchant_id=merchant_id,
            account_code="simulated",
            reference=reference,
            their_reference=their_reference,
            amount_minor=amount_minor,
            moved_at=NOW,
            now=NOW,
        )

    out = [line("out-1", -10_000), line("out-1", -10_000)]
    at_provider = stands(merchant_id=merchant_id, kind="at_provider", owner="simulated")
    back = [line("back-1", 10_000), line("back-1", 10_000)]

    assert (out, back) == ([True, False], [True, False])
    assert at_provider == 0
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == -10_000
    (dispute,) = payments.disputes_of(merchant_id=merchant_id, document=intent.document)
    assert dispute.state == "won"
    assert not payments.see_chargeback(
        merchant_id=merchant_id,
        account_code="simulated",
        reference="nobody's",
        their_reference="out-2",
        amount_minor=-1,
        moved_at=NOW,
        now=NOW,
    )
