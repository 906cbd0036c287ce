"""Money that comes in: what is asked for, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.payments import public as payments
from santong.payments.contracts import Seen
from santong.payments.events import MoneyReceived
from santong.payments.models import Movement, Tender, Work
from santong.payments.services.see_payment import see_payment
from santong.payments.tests.factories import facts_told
from santong.payments.tests.money import (
    NOW,
    SOON,
    make_account,
    make_intent,
    make_paid,
    new_intent,
    paid,
    see,
    stands,
    tender,
)

BEIJING = ZoneInfo("Asia/Shanghai")


def test_what_is_asked_is_asked_of_the_provider_after_the_commit(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, amount=10_000)

    assert (intent.state, intent.received_minor) == ("open", 0)
    assert [(t.state, t.amount_minor, t.method) for t in intent.tenders] == [
        ("asked", 10_000, "wechat_pay")
    ]
    work = Work.objects.get(subject_id=intent.tenders[0].id, about="payment")
    assert (work.step, work.due_at) == ("ask", NOW)


def test_the_same_key_is_the_same_intent_and_other_content_is_refused(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    new = new_intent()

    first = payments.open_intent(merchant_id=merchant_id, new=new, now=NOW)
    again = payments.open_intent(merchant_id=merchant_id, new=new, now=NOW)

    assert again == first
    with pytest.raises(payments.IntentKeyTaken), transaction.atomic():
        payments.open_intent(
            merchant_id=merchant_id, new=new_intent(key=new.key, amount=1), now=NOW
        )


@pytest.mark.parametrize("amounts", [(), (4_000,), (1_000, 9_000)], ids=["none", "part", "whole"])
def test_what_was_opened_is_told_as_it_is_read(merchant_id: int, amounts: tuple[int, ...]) -> None:
    make_account(merchant_id=merchant_id)
    parts = tuple(tender("simulated", amount, token="mood:notice_lost") for amount in amounts)

    opened = payments.open_intent(
        merchant_id=merchant_id, new=new_intent(tenders=parts), now=NOW.astimezone(BEIJING)
    )

    assert opened == payments.intent_by_id(merchant_id=merchant_id, intent_id=opened.id)
    assert opened.opened_at.tzinfo is UTC
    assert [part.amount_minor for part in opened.tenders] == [*amounts]
    assert [bool(row.token_sealed) for row in Tender.objects.all()] == [True] * len(amounts)


def test_nobody_is_asked_twice_at_the_same_time_for_one_document(merchant_id: int) -> None:
    first = make_intent(merchant_id=merchant_id)

    with pytest.raises(payments.AlreadyAsked) as refused, transaction.atomic():
        make_intent(merchant_id=merchant_id, document=first.document)

    assert refused.value.intent_id == str(first.id)


def test_after_the_first_has_ended_another_may_be_asked(merchant_id: int) -> None:
    first = make_intent(merchant_id=merchant_id)
    payments.cancel_intent(
        merchant_id=merchant_id, intent_id=first.id, reason="paid in the shop", now=NOW
    )

    second = make_intent(merchant_id=merchant_id, document=first.document)

    assert second.id != first.id


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"amount_minor": 0}, "/amount_minor"),
        ({"amount_minor": 10**12}, "/amount_minor"),
        ({"document": "order 17"}, "/document"),
        ({"currency": "rmb"}, "/currency"),
        ({"subject": ""}, "/subject"),
        ({"subject": "a\0b"}, "/subject"),
        ({"key": ""}, "/key"),
        ({"expires_at": NOW}, "/expires_at"),
        ({"tenders": (tender("simulated", 6_000), tender("simulated", 4_001))}, "/tenders"),
    ],
)
def test_bad_input_names_its_field(merchant_id: int, wrong: dict[str, Any], pointer: str) -> None:
    make_account(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        payments.open_intent(merchant_id=merchant_id, new=new_intent(**wrong), now=NOW)

    assert refused.value.pointer == pointer


@pytest.mark.parametrize(
    "number", ["4111111111111111", "4111 1111 1111 1111", "4111-1111-1111-1111"]
)
def test_a_card_number_is_not_kept(merchant_id: int, number: str) -> None:
    make_account(merchant_id=merchant_id)

    with pytest.raises(payments.CardNumberSeen), transaction.atomic():
        payments.open_intent(
            merchant_id=merchant_id, new=new_intent(subject=f"card {number}"), now=NOW
        )


def test_a_long_number_that_is_no_card_is_kept(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, subject="4111111111111112")

    assert intent.subject == "4111111111111112"


def test_an_account_of_another_currency_or_none_takes_nothing(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    make_account(merchant_id=merchant_id, code="euros", currency="EUR")

    with pytest.raises(FieldInvalid), transaction.atomic():
        payments.open_intent(merchant_id=merchant_id, new=new_intent(account="euros"), now=NOW)
    with pytest.raises(NoSuch), transaction.atomic():
        payments.open_intent(merchant_id=merchant_id, new=new_intent(account="nobody"), now=NOW)


def test_money_that_came_in_is_booked_and_told_once(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, amount=10_000)

    for _ in range(3):
        see(intent, paid(10_000, their_reference="T1", fee_minor=60), merchant_id=merchant_id)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (after.state, after.received_minor) == ("paid", 10_000)
    assert stands(merchant_id=merchant_id, kind="document", owner=intent.document) == 10_000
    assert stands(merchant_id=merchant_id, kind="at_provider", owner="simulated") == -9_940
    assert stands(merchant_id=merchant_id, kind="fees", owner="simulated") == -60
    moved = Movement.objects.filter(document=intent.document).order_by("kind")
    assert [(m.kind, m.amount_minor, m.their_reference) for m in moved] == [
        ("fee", -60, "T1"),
        ("payment", 10_000, "T1"),
    ]
    told = facts_told(merchant_id=merchant_id, kind=MoneyReceived)
    assert [(t.document, t.amount_minor, t.is_late) for t in told] == [
        (intent.document, 10_000, False)
    ]


def test_what_is_seen_out_of_order_changes_nothing(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id)

    for state in ("waiting", "authorised", "closed", "failed", "unknown"):
        see(intent, Seen(state=state), merchant_id=merchant_id)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert after == intent


def test_two_parts_make_the_whole(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    make_account(merchant_id=merchant_id, provider="cash", method="cash")
    parts = (tender("cash", 4_000), tender("simulated", 6_000))

    intent = payments.open_intent(
        merchant_id=merchant_id, new=new_intent(amount=10_000, tenders=parts), now=NOW
    )
    see(intent, paid(4_000), merchant_id=merchant_id, number=1)
    half = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    see(intent, paid(6_000), merchant_id=merchant_id, number=2)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (half.state, half.received_minor) == ("open", 4_000)
    assert (after.state, after.received_minor) == ("paid", 10_000)


def test_a_part_that_failed_leaves_room_for_another(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id, provider="cash", method="cash")
    intent = make_intent(merchant_id=merchant_id, amount=10_000)
    with pytest.raises(payments.MoreThanAsked), transaction.atomic():
        payments.add_tender(
            merchant_id=merchant_id,
            intent_id=intent.id,
            number=2,
            new=tender("cash", 10_000),
            now=NOW,
        )
    see(intent, Seen(state="failed", why="no money"), merchant_id=merchant_id)

    after, again = [
        payments.add_tender(
            merchant_id=merchant_id,
            intent_id=intent.id,
            number=2,
            new=tender("cash", 10_000),
            now=NOW,
        )
        for _ in range(2)
    ]

    assert (after.state, [t.state for t in after.tenders]) == ("open", ["failed", "asked"])
    assert again == after


def test_when_an_intent_is_paid_its_other_parts_are_closed(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, amount=10_000)
    see(intent, Seen(state="waiting"), merchant_id=merchant_id)
    see(intent, Seen(state="closed"), merchant_id=merchant_id)
    payments.add_tender(
        merchant_id=merchant_id,
        intent_id=intent.id,
        number=2,
        new=tender("simulated", 10_000),
        now=NOW,
    )

    late = see(intent, paid(10_000), merchant_id=merchant_id)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (late.state, late.is_late, after.state) == ("captured", True, "paid")
    work = Work.objects.get(about="payment", subject_id=after.tenders[1].id)
    assert work.step == "close"


def test_a_second_payment_of_the_same_is_taken_and_told(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, amount=10_000)
    see(intent, Seen(state="closed"), merchant_id=merchant_id)
    twice = payments.add_tender(
        merchant_id=merchant_id,
        intent_id=intent.id,
        number=2,
        new=tender("simulated", 10_000),
        now=NOW,
    )
    see(twice, paid(10_000), merchant_id=merchant_id, number=2)

    see(intent, paid(10_000), merchant_id=merchant_id)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (after.state, after.received_minor) == ("paid", 20_000)
    assert stands(merchant_id=merchant_id, kind="document", owner=intent.document) == 20_000


def test_late_money_is_taken_after_an_intent_has_expired(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, amount=10_000)
    later = SOON + timedelta(seconds=1)
    assert payments.expire_intents(merchant_id=merchant_id, now=later) == 1
    work = Work.objects.get(about="payment", subject_id=intent.tenders[0].id)
    see_payment(
        merchant_id=merchant_id,
        reference=intent.tenders[0].reference,
        seen=Seen(state="closed"),
        now=later,
    )

    see(intent, paid(10_000), merchant_id=merchant_id)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert work.step == "close"
    assert (after.state, after.received_minor) == ("expired", 10_000)
    assert after.tenders[0].is_late
    told = facts_told(merchant_id=merchant_id, kind=MoneyReceived)
    assert [fact.is_late for fact in told] == [True]


def test_what_was_authorised_is_captured_when_it_is_asked_for(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, amount=10_000, authorise_only=True)
    see(intent, Seen(state="authorised", amount_minor=10_000), merchant_id=merchant_id)
    authorised = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)

    for _ in range(2):
        payments.capture_intent(merchant_id=merchant_id, intent_id=intent.id, now=NOW)
    work = Work.objects.get(about="payment", subject_id=intent.tenders[0].id)
    see(intent, paid(10_000), merchant_id=merchant_id)

    assert (authorised.state, work.step) == ("authorised", "capture")
    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (after.state, after.received_minor) == ("paid", 10_000)


def test_what_was_authorised_and_is_given_up_is_voided(merchant_id: int) -> None:
    intent = make_intent(merchant_id=merchant_id, authorise_only=True)
    see(intent, Seen(state="authorised"), merchant_id=merchant_id)

    payments.cancel_intent(merchant_id=merchant_id, intent_id=intent.id, reason="no", now=NOW)
    see(intent, Seen(state="closed"), merchant_id=merchant_id)

    after = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id)
    assert (after.state, after.tenders[0].state, after.received_minor) == ("cancelled", "voided", 0)
    with pytest.raises(payments.IntentPassed), transaction.atomic():
        payments.capture_intent(merchant_id=merchant_id, intent_id=intent.id, now=NOW)


def test_a_paid_intent_is_not_cancelled(merchant_id: int) -> None:
    intent = make_paid(merchant_id=merchant_id)

    with pytest.raises(payments.IntentPassed), transaction.atomic():
        payments.cancel_intent(merchant_id=merchant_id, intent_id=intent.id, reason="no", now=NOW)


def test_what_is_used_at_once_is_not_kept(merchant_id: int) -> None:
    make_account(merchant_id=merchant_id)
    make_account(merchant_id=merchant_id, provider="external", method="external")
    parts = (tender("external", 4_000, token="T1"), tender("simulated", 5_000, token="T2"))

    intent = make_intent(merchant_id=merchant_id, amount=10_000, tenders=parts)
    payments.add_tender(
        merchant_id=merchant_id,
        intent_id=intent.id,
        number=3,
        new=tender("external", 1_000, token="T3"),
        now=NOW,
    )

    kept = Tender.objects.filter(intent=intent.id).order_by("number")
    assert [row.token_sealed is not None for row in kept] == [False, True, False]
