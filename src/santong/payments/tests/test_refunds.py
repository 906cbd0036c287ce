"""Money that goes back: along the tenders by which it came, and never more than came."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from santong.payments import public as payments
from santong.payments.contracts import Method, SeenDispute, SeenMove
from santong.payments.events import RefundDone, RefundFailed
from santong.payments.models import Movement, Work
from santong.payments.rules.refunds import Refundable, plan, refund_state
from santong.payments.services.refund_up_to import refund_up_to
from santong.payments.services.see_dispute import see_dispute
from santong.payments.tests.factories import facts_told
from santong.payments.tests.money import (
    NOW,
    make_account,
    make_intent,
    make_paid,
    make_refund,
    new_document,
    new_intent,
    paid,
    see,
    see_parts,
    stands,
    tender,
)

DONE = SeenMove(state="done", their_reference="R1", at=NOW)


def test_goes_back_when_the_provider_says_so_and_is_booked_then(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)

    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=4_000)
    before = stands(merchant_id=merchant_id, kind="document", owner=intent.document)
    done = see_parts(asked, DONE, merchant_id=merchant_id)
    see_parts(asked, DONE, merchant_id=merchant_id)

    assert (asked.state, before) == ("working", 10_000)
    assert (done.state, done.done_minor) == ("done", 4_000)
    assert stands(merchant_id=merchant_id, kind="document", owner=intent.document) == 6_000
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == -6_000
    moved = Movement.objects.filter(document=intent.document, kind="refund")
    assert [(m.amount_minor, m.their_reference) for m in moved] == [(-4_000, "R1")]
    told = facts_told(merchant_id=merchant_id, kind=RefundDone)
    assert [fact.amount_minor for fact in told] == [4_000]
    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (after.refunded_minor, after.tenders[0].refundable_minor) == (4_000, 6_000)


def test_the_same_key_is_the_same_refund(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id)

    first = make_refund(merchant_id=merchant_id, document=intent.document, amount=1, key="r")
    again = make_refund(merchant_id=merchant_id, document=intent.document, amount=1, key="r")

    assert again == first
    with pytest.raises(payments.IntentKeyTaken), transaction.atomic():
        make_refund(merchant_id=merchant_id, document=intent.document, amount=2, key="r")


def test_no_more_goes_back_than_came_in(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    make_refund(merchant_id=merchant_id, document=intent.document, amount=9_999)

    with pytest.raises(payments.MoreThanReceived) as refused, transaction.atomic():
        make_refund(merchant_id=merchant_id, document=intent.document, amount=2)

    assert (refused.value.wanted_minor, refused.value.refundable_minor) == (2, 1)
    with pytest.raises(payments.MoreThanReceived), transaction.atomic():
        make_refund(merchant_id=merchant_id, document=new_document(), amount=1)


def test_what_failed_can_go_back_again(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=10_000)

    failed = see_parts(
        asked, SeenMove(state="failed", why="ACCOUNT_CLOSED"), merchant_id=merchant_id
    )
    again = make_refund(merchant_id=merchant_id, document=intent.document, amount=10_000)

    assert (failed.state, failed.done_minor) == ("failed", 0)
    assert again.state == "working"
    told = facts_told(merchant_id=merchant_id, kind=RefundFailed)
    assert [(fact.amount_minor, fact.why) for fact in told] == [(10_000, "ACCOUNT_CLOSED")]
    assert stands(merchant_id=merchant_id, kind="document", owner=intent.document) == 10_000


def test_a_part_that_was_called_failed_and_went_after_all_is_booked(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=10_000)
    see_parts(asked, SeenMove(state="failed"), merchant_id=merchant_id)

    done = see_parts(asked, DONE, merchant_id=merchant_id)

    assert (done.state, done.done_minor) == ("done", 10_000)
    assert stands(merchant_id=merchant_id, kind="document", owner=intent.document) == 0


def test_a_part_that_went_twice_at_the_provider_is_not_booked_twice(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    first = make_refund(merchant_id=merchant_id, document=intent.document, amount=10_000)
    see_parts(first, SeenMove(state="failed"), merchant_id=merchant_id)
    second = make_refund(merchant_id=merchant_id, document=intent.document, amount=10_000)
    see_parts(second, DONE, merchant_id=merchant_id)

    late = see_parts(first, DONE, merchant_id=merchant_id)

    assert late.state == "failed"
    assert stands(merchant_id=merchant_id, kind="document", owner=intent.document) == 0


def test_cash_goes_back_last(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id, provider="cash", method="cash")
    parts = (tender("cash", 4_000), tender("simulated", 6_000))
    intent = make_intent(merchant_id=merchant_id, amount=10_000, tenders=parts)
    see(intent, paid(4_000), merchant_id=merchant_id, number=1)
    see(intent, paid(6_000), merchant_id=merchant_id, number=2)

    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=7_000)
    done = see_parts(asked, DONE, merchant_id=merchant_id)

    assert [(p.method, p.amount_minor, p.state) for p in asked.parts] == [
        ("wechat_pay", 6_000, "queued"),
        ("cash", 1_000, "queued"),
    ]
    assert done.state == "done"
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="cash") == -3_000
    assert Work.objects.filter(about="refund", due_at__isnull=False).count() == 0


def test_what_two_payments_brought_goes_back_the_newest_first(merchant_id: int) -> None:
    document = new_document()
    make_paid(merchant_id=merchant_id, document=document, amount=3_000)
    second = make_paid(merchant_id=merchant_id, document=document, amount=5_000)

    asked = make_refund(merchant_id=merchant_id, document=document, amount=6_000)

    assert asked.parts[0].tender_id == second.tenders[0].id
    assert [p.amount_minor for p in asked.parts] == [5_000, 1_000]


def test_what_is_owed_in_all_is_asked_for_once_however_often_it_is_told(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)

    asked = [
        refund_up_to(
            merchant_id=merchant_id,
            document=intent.document,
            due_minor=due,
            currency="CNY",
            reason="cancelled",
            now=NOW,
        )
        for due in (3_000, 3_000, 10_000, 3_000)
    ]

    assert [each.amount_minor if each else None for each in asked] == [3_000, None, 7_000, None]


def owed(intent: payments.Intent, due: int, *, merchant_id: int) -> payments.Refund | None:
    return refund_up_to(
        merchant_id=merchant_id,
        document=intent.document,
        due_minor=due,
        currency="CNY",
        reason="cancelled",
        now=NOW,
    )


def test_of_what_is_owed_only_what_the_buyer_does_not_have_back_already_goes_back(
    merchant_id: int,
) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    make_refund(merchant_id=merchant_id, document=intent.document, amount=1_000)

    asked = [owed(intent, due, merchant_id=merchant_id) for due in (5_000, 10_000, 10_000)]

    assert [each.amount_minor if each else None for each in asked] == [5_000, 4_000, None]


def test_what_is_owed_goes_back_once_a_dispute_about_it_is_won(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)

    def dispute(state: Literal["opened", "won"]) -> payments.Refund | None:
        seen = SeenDispute(
            state=state,
            their_reference="sd1",
            payment_reference=intent.tenders[0].reference,
            amount_minor=10_000,
            at=NOW,
        )
        see_dispute(merchant_id=merchant_id, seen=seen, now=NOW)
        return owed(intent, 10_000, merchant_id=merchant_id)

    opened, won, again = dispute("opened"), dispute("won"), dispute("won")

    assert (opened, again) == (None, None)
    assert won is not None
    assert won.amount_minor == 10_000


def test_what_is_owed_of_money_that_has_not_come_in_is_refused(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)

    with pytest.raises(payments.MoreThanReceived), transaction.atomic():
        owed(intent, 10_001, merchant_id=merchant_id)


tenders = st.lists(
    st.builds(
        Refundable,
        tender_id=st.integers(1, 10**6),
        method=st.sampled_from(["wechat_pay", "alipay", "card", "prepaid", "gift_card", "cash"]),
        captured_at=st.integers(0, 10**6).map(lambda n: NOW + timedelta(seconds=n)),
        refundable_minor=st.integers(0, 10**9),
    ),
    unique_by=lambda each: each.tender_id,
    max_size=8,
)
OUTSIDE: tuple[Method, ...] = ("wechat_pay", "alipay", "card")


@given(tenders, st.integers(1, 10**10))
def test_a_plan_gives_all_or_says_that_it_cannot(found: list[Refundable], amount: int) -> None:
    parts = plan(found, amount_minor=amount)

    there = {each.tender_id: each for each in found}
    if parts is None:
        assert sum(each.refundable_minor for each in found) < amount
        return
    assert sum(part.amount_minor for part in parts) == amount
    assert all(0 < p.amount_minor <= there[p.tender_id].refundable_minor for p in parts)
    used = {part.tender_id: part.amount_minor for part in parts}
    from_the_till = any(there[tender_id].method == "cash" for tender_id in used)
    emptied = all(
        used.get(each.tender_id, 0) == each.refundable_minor
        for each in found
        if each.method in OUTSIDE
    )
    assert emptied or not from_the_till


@given(st.integers(1, 10**9), st.data())
def test_a_refund_is_done_failed_or_partly_when_nothing_is_left(
    amount: int, data: st.DataObject
) -> None:
    done = data.draw(st.integers(0, amount))
    failed = data.draw(st.integers(0, amount - done))

    state = refund_state(amount_minor=amount, done_minor=done, failed_minor=failed)

    expected = {
        (True, True): "working",
        (True, False): "working",
        (False, True): "partly" if done else "failed",
        (False, False): "done",
    }
    assert state == expected[(done + failed < amount, failed > 0)]


def test_a_provider_that_gives_back_whole_payments_only_is_passed_over_for_parts() -> None:
    whole = Refundable(
        tender_id=1, method="card", captured_at=NOW, refundable_minor=500, whole_only=True
    )
    cash = Refundable(tender_id=2, method="cash", captured_at=NOW, refundable_minor=500)

    part = plan([whole, cash], amount_minor=200)
    both = plan([whole, cash], amount_minor=700)

    assert [(p.tender_id, p.amount_minor) for p in part or []] == [(2, 200)]
    assert [(p.tender_id, p.amount_minor) for p in both or []] == [(1, 500), (2, 200)]


def test_an_intent_that_is_open_has_nothing_to_give_back(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    intent = payments.open_intent(merchant_id=merchant_id, new=new_intent(), now=NOW)

    with pytest.raises(payments.MoreThanReceived), transaction.atomic():
        make_refund(merchant_id=merchant_id, document=intent.document, amount=1)


def test_money_that_its_owner_has_used_does_not_go_back(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id, amount=10_000)
    account = payments.document_account(currency="CNY", document=intent.document)
    payments.post(
        merchant_id=merchant_id,
        source="test",
        txn=payments.NewTxn(
            key="used",
            kind="used",
            entries=(
                payments.NewEntry(account, -7_000),
                payments.NewEntry(payments.AccountKey("money:CNY", "stored_value", "p"), 7_000),
            ),
            occurred_at=NOW,
        ),
        now=NOW,
    )

    with pytest.raises(payments.MoreThanReceived) as refused, transaction.atomic():
        make_refund(merchant_id=merchant_id, document=intent.document, amount=3_001)
    asked = make_refund(merchant_id=merchant_id, document=intent.document, amount=3_000)

    assert refused.value.refundable_minor == 3_000
    assert asked.state == "working"
