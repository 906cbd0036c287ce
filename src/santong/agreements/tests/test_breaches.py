"""A broken term is made good once, by its own remedy, and never beyond its cap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from santong.agreements import public as agreements
from santong.agreements.events import RemedyDone, RemedyOwed, TermBroken, TermKept
from santong.agreements.models import AgreementTerm, Compensation
from santong.agreements.services.cancel import cancel_of_document
from santong.agreements.services.find_broken import find_broken, keep, mend, settle_late
from santong.agreements.services.follow import follow_document, fulfil, settle_due
from santong.agreements.services.pay import follow_refund, pay
from santong.agreements.tests.factories import (
    BY_THE_DAY,
    NOW,
    OVER,
    breach,
    broken,
    claim,
    damage,
    gone_back,
    make_accepted,
    make_paid_agreement,
    window,
)
from santong.clocks import public as clocks
from santong.payments import public as payments
from santong.payments.tests.factories import (
    facts_told,
    fail_refunds,
    make_gone_back,
    make_paid_by,
)


def test_acceptance_starts_a_clock_for_each_window_and_for_nothing_else(merchant_id: int) -> None:
    made = make_accepted(
        merchant_id,
        terms=(window(), damage(), window("2026-11-20", "2026-11-20", kind="install_window")),
    )

    running = clocks.clocks_of(merchant_id=merchant_id, subject=made.subject)

    assert [(each.term, each.due_at) for each in running] == [
        ("term-1", OVER),
        ("term-3", datetime(2026, 11, 20, 16, tzinfo=UTC)),
    ]


def test_a_broken_window_is_paid_once_whatever_is_told_how_often(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)

    found = broken(merchant_id, made)
    for _ in range(3):
        assert broken(merchant_id, made) == found
        pay(merchant_id=merchant_id, breach_id=found, now=OVER)

    assert breach(merchant_id, found).state == "paying"
    assert gone_back(merchant_id, made) == 10_000
    assert gone_back(merchant_id, made) == 10_000
    stands = breach(merchant_id, found)
    assert (stands.state, stands.done_minor, stands.made_good_by) == ("done", 10_000, "payments")
    after = agreements.agreement_by_id(merchant_id=merchant_id, agreement_id=made.id)
    assert (after.state, after.outcome_by_term) == ("breached", ("broken", "open"))
    for kind in (TermBroken, RemedyOwed, RemedyDone):
        (told,) = facts_told(merchant_id=merchant_id, kind=kind)
        assert told.breach_id == found
    assert agreements.check_invariants(merchant_id=merchant_id) == []
    (numbers,) = [
        each
        for each in agreements.kept_and_broken(merchant_id=merchant_id)
        if each.kind == "delivery_window"
    ]
    assert (numbers.kept, numbers.broken, numbers.paid_minor) == (0, 1, 10_000)


@pytest.mark.parametrize(
    ("delivered", "days", "owed"),
    [
        (OVER + timedelta(hours=1), 1, 3_000),
        (OVER + timedelta(hours=25), 2, 6_000),
        (OVER + timedelta(days=2, hours=1), 3, 9_000),
    ],
)
def test_what_grows_by_the_day_is_settled_when_it_is_there(
    merchant_id: int, delivered: datetime, days: int, owed: int
) -> None:
    made = make_paid_agreement(merchant_id, terms=(BY_THE_DAY,))
    found = broken(merchant_id, made)
    assert breach(merchant_id, found).state == "growing"
    assert facts_told(merchant_id=merchant_id, kind=RemedyOwed) == []

    settle_late(merchant_id=merchant_id, agreement_id=made.id, term=1, at=delivered, now=delivered)

    stands = breach(merchant_id, found)
    assert (stands.state, stands.days_late, stands.amount_minor) == ("owed", days, owed)


def test_what_never_comes_is_settled_at_its_cap_and_only_once(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id, terms=(BY_THE_DAY,))
    found = broken(merchant_id, made)

    # Three days come to 9,000; with the fourth, the nineteenth, the cap is reached.
    early = settle_due(merchant_id=merchant_id, now=OVER + timedelta(days=3, minutes=-1))
    late = settle_due(merchant_id=merchant_id, now=OVER + timedelta(days=3))
    settle_late(
        merchant_id=merchant_id,
        agreement_id=made.id,
        term=1,
        at=OVER + timedelta(days=9),
        now=OVER + timedelta(days=9),
    )

    assert (early, late) == (0, 1)
    stands = breach(merchant_id, found)
    assert (stands.days_late, stands.amount_minor) == (4, 10_000)
    pay(merchant_id=merchant_id, breach_id=found, now=OVER)
    assert gone_back(merchant_id, made) == 10_000


def test_no_more_goes_back_than_is_left_of_the_document(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id, paid_minor=12_000)
    make_gone_back(merchant_id=merchant_id, document=made.document, amount=5_000)
    found = broken(merchant_id, made)

    pay(merchant_id=merchant_id, breach_id=found, now=OVER)

    assert gone_back(merchant_id, made) == 12_000
    stands = breach(merchant_id, found)
    assert (stands.state, stands.done_minor, stands.amount_minor) == (
        "nothing_left",
        7_000,
        10_000,
    )


def test_where_nothing_is_left_it_is_tried_again_until_something_is(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id, paid_minor=0)
    found = broken(merchant_id, made)
    pay(merchant_id=merchant_id, breach_id=found, now=OVER)
    assert breach(merchant_id, found).state == "nothing_left"

    make_paid_by(merchant_id=merchant_id, document=made.document, amount=20_000, payer="buyer")
    settle_due(merchant_id=merchant_id, now=OVER + timedelta(minutes=11))

    assert breach(merchant_id, found).state == "paying"
    assert gone_back(merchant_id, made) == 10_000


def test_a_staged_sale_pays_out_of_its_stages_the_newest_first(merchant_id: int) -> None:
    made = make_accepted(merchant_id)
    for stage, amount in ((0, 8_000), (1, 4_000)):
        make_paid_by(
            merchant_id=merchant_id,
            document=f"{made.document}-{stage}",
            amount=amount,
            payer="buyer",
            account=f"wallet{stage}",
        )
    make_paid_by(
        merchant_id=merchant_id,
        document=f"{made.document}9-0",
        amount=50_000,
        payer="other",
        account="wallet9",
    )
    found = broken(merchant_id, made)

    pay(merchant_id=merchant_id, breach_id=found, now=OVER)

    rows = Compensation.objects.filter(breach=found).order_by("id")
    assert [(each.document, each.amount_minor) for each in rows] == [
        (f"{made.document}-1", 4_000),
        (f"{made.document}-0", 6_000),
    ]


def test_in_time_after_all_withdraws_what_cost_nothing_yet(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)
    found = broken(merchant_id, made)

    mend(merchant_id=merchant_id, agreement_id=made.id, term=1, now=OVER)
    keep(merchant_id=merchant_id, agreement_id=made.id, term=1, at=OVER, now=OVER)
    pay(merchant_id=merchant_id, breach_id=found, now=OVER)

    assert breach(merchant_id, found).state == "withdrawn"
    assert gone_back(merchant_id, made) == 0
    after = agreements.agreement_by_id(merchant_id=merchant_id, agreement_id=made.id)
    assert (after.state, after.outcome_by_term[0]) == ("accepted", "kept")
    assert AgreementTerm.objects.get(agreement_id=made.id, number=1).spent_minor == 0


def test_in_time_after_the_money_went_says_so_and_takes_nothing_back(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)
    found = broken(merchant_id, made)
    pay(merchant_id=merchant_id, breach_id=found, now=OVER)

    mend(merchant_id=merchant_id, agreement_id=made.id, term=1, now=OVER)

    stands = breach(merchant_id, found)
    assert (stands.state, stands.mended_at) == ("paying", OVER)
    assert gone_back(merchant_id, made) == 10_000


def test_kept_and_quiet_it_is_fulfilled_when_claims_are_over(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)
    follow_document(
        merchant_id=merchant_id, document=made.document, what="delivery", at=NOW, now=NOW
    )
    keep(merchant_id=merchant_id, agreement_id=made.id, term=1, at=NOW, now=NOW)

    early = fulfil(merchant_id=merchant_id, now=NOW + timedelta(days=6))
    ended = fulfil(merchant_id=merchant_id, now=NOW + timedelta(days=7))

    assert (early, ended) == (0, 1)
    after = agreements.agreement_by_id(merchant_id=merchant_id, agreement_id=made.id)
    assert (after.state, after.outcome_by_term) == ("fulfilled", ("kept", "kept"))
    assert [each.term for each in facts_told(merchant_id=merchant_id, kind=TermKept)] == [1, 2]
    with pytest.raises(agreements.NotInForce), transaction.atomic():
        claim(merchant_id, made, term=2, now=NOW + timedelta(days=8))


def test_what_is_sold_no_more_breaks_no_promise(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)

    cancel_of_document(
        merchant_id=merchant_id, document=made.document, reason="the order was cancelled", now=NOW
    )
    found = find_broken(
        merchant_id=merchant_id, agreement_id=made.id, term=1, broken_at=OVER, now=OVER
    )

    assert found is None
    (clock,) = clocks.clocks_of(merchant_id=merchant_id, subject=made.subject)
    assert clock.state == "cancelled"


def test_a_refund_that_failed_is_shown_and_tried_again(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)
    found = broken(merchant_id, made)
    pay(merchant_id=merchant_id, breach_id=found, now=OVER)
    fail_refunds(merchant_id=merchant_id, document=made.document)
    (refund,) = payments.refunds_of(merchant_id=merchant_id, document=made.document)
    for _ in range(2):
        follow_refund(merchant_id=merchant_id, refund_id=refund.id, now=OVER)
    failed = breach(merchant_id, found)

    settle_due(merchant_id=merchant_id, now=OVER + timedelta(minutes=11))

    assert (failed.state, failed.why) == ("failed", "no money at the provider")
    assert failed.settle_at == OVER + timedelta(minutes=10)
    assert breach(merchant_id, found).state == "paying"
    assert gone_back(merchant_id, made) == 10_000
    assert breach(merchant_id, found).state == "done"
