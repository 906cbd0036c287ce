"""A broken term is made good once, by its own remedy, and never beyond its cap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.agreements import contracts
from santong.agreements import public as agreements
from santong.agreements.events import RemedyDone, RemedyOwed, TermBroken, TermKept
from santong.agreements.models import AgreementTerm, Compensation
from santong.agreements.services.cancel import cancel_of_document
from santong.agreements.services.find_broken import find_broken, keep, mend, settle_late
from santong.agreements.services.follow import follow_document, fulfil, settle_due
from santong.agreements.services.pay import follow_refund, pay
from santong.agreements.tests.factories import NOW, damage, make_accepted, window
from santong.clocks import public as clocks
from santong.evidence import public as evidence
from santong.evidence.tests.factories import make_photo
from santong.kernel.errors import FieldInvalid
from santong.payments import public as payments
from santong.payments.tests.factories import (
    end_refunds,
    facts_told,
    fail_refunds,
    make_gone_back,
    make_paid_by,
)

# The window's last day, the fifteenth, is over in China.
OVER = datetime(2026, 11, 15, 16, tzinfo=UTC)
BY_THE_DAY = window(
    amount=contracts.Amount(basis="fixed", value=3_000, per="day"), cap_minor=10_000
)
MONEY_BACK = damage(
    remedy="compensate", amount=contracts.Amount(basis="fixed", value=6_000), cap_minor=10_000
)


def make_paid_agreement(merchant_id: int, *, paid_minor: int = 800_000, **given: Any) -> Any:
    made = make_accepted(merchant_id, **given)
    if paid_minor:
        make_paid_by(
            merchant_id=merchant_id, document=made.document, amount=paid_minor, payer="buyer"
        )
    return made


def broken(merchant_id: int, made: contracts.Agreement, *, now: datetime = OVER) -> int:
    found = find_broken(
        merchant_id=merchant_id, agreement_id=made.id, term=1, broken_at=OVER, now=now
    )
    assert found is not None
    return found


def breach(merchant_id: int, breach_id: int) -> contracts.Breach:
    return agreements.breach_by_id(merchant_id=merchant_id, breach_id=breach_id)


def gone_back(merchant_id: int, made: contracts.Agreement) -> int:
    """What the buyer has back."""
    end_refunds(merchant_id=merchant_id, document=made.document, now=OVER)
    every = payments.refunds_of(merchant_id=merchant_id, document=made.document)
    for each in every:
        follow_refund(merchant_id=merchant_id, refund_id=each.id, now=OVER)
    return sum(each.done_minor for each in every)


def claim(merchant_id: int, made: contracts.Agreement, **given: Any) -> contracts.Breach:
    values: dict[str, Any] = {
        "term": 1,
        "found_by": "buyer",
        "said": "桌面有一道划痕",
        "key": "first",
        "now": NOW,
    }
    return agreements.claim(merchant_id=merchant_id, agreement_id=made.id, **{**values, **given})


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


def test_a_claim_with_a_photo_is_decided_by_a_person(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id, terms=(MONEY_BACK,))
    photo = evidence.Upload(kind="photo", name="a.jpg", content=make_photo())

    claimed = claim(merchant_id, made, uploads=(photo,))
    again = claim(merchant_id, made)
    granted = agreements.grant(
        merchant_id=merchant_id, breach_id=claimed.id, answer="确有划痕", now=NOW
    )

    assert again == claimed
    assert (claimed.state, claimed.reason) == ("claimed", "桌面有一道划痕")
    assert claimed.decide_by == NOW + timedelta(hours=48)
    assert len(evidence.of_subject(merchant_id=merchant_id, subject=claimed.subject)) == 1
    assert (granted.state, granted.amount_minor, granted.answer) == ("owed", 6_000, "确有划痕")
    with pytest.raises(agreements.ClaimPassed), transaction.atomic():
        agreements.reject(merchant_id=merchant_id, breach_id=claimed.id, answer="不", now=NOW)


def test_claims_together_never_cost_more_than_the_cap(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id, terms=(MONEY_BACK,))
    first = claim(merchant_id, made, key="first")
    agreements.grant(merchant_id=merchant_id, breach_id=first.id, answer="是", now=NOW)
    second = claim(merchant_id, made, key="second")

    with pytest.raises(agreements.AboveLimit) as refused, transaction.atomic():
        agreements.grant(
            merchant_id=merchant_id, breach_id=second.id, answer="是", amount_minor=4_001, now=NOW
        )
    granted = agreements.grant(merchant_id=merchant_id, breach_id=second.id, answer="是", now=NOW)
    third = claim(merchant_id, made, key="third")

    assert refused.value.most_minor == 4_000
    assert granted.amount_minor == 4_000
    with pytest.raises(agreements.AboveLimit), transaction.atomic():
        agreements.grant(merchant_id=merchant_id, breach_id=third.id, answer="是", now=NOW)


def test_a_rejected_claim_costs_nothing_and_may_be_made_anew(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id, terms=(MONEY_BACK,))
    claimed = claim(merchant_id, made)

    rejected = agreements.reject(
        merchant_id=merchant_id, breach_id=claimed.id, answer="照片看不出", now=NOW
    )
    again = claim(merchant_id, made, key="better photos")

    assert (rejected.state, rejected.amount_minor) == ("rejected", 0)
    assert again.id != claimed.id
    assert facts_told(merchant_id=merchant_id, kind=TermBroken) == []


def test_the_clock_decides_what_the_buyer_had_claimed(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)
    claimed = claim(merchant_id, made, said="还没有送到")

    found = broken(merchant_id, made)

    assert found == claimed.id
    assert breach(merchant_id, found).state == "owed"
    with pytest.raises(agreements.AlreadyBroken), transaction.atomic():
        claim(merchant_id, made, key="other")


def test_goods_are_owed_by_fact_and_made_good_by_a_case(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)
    claimed = claim(merchant_id, made, term=2)
    agreements.grant(merchant_id=merchant_id, breach_id=claimed.id, answer="更换", now=NOW)

    done, again = (
        agreements.record_remedy(
            merchant_id=merchant_id, breach_id=claimed.id, made_good_by="case:7", now=NOW
        )
        for _ in range(2)
    )

    (owed,) = facts_told(merchant_id=merchant_id, kind=RemedyOwed)
    assert (owed.remedy, owed.amount_minor) == ("replace", 0)
    assert done == again
    assert (done.state, done.made_good_by) == ("done", "case:7")
    assert len(facts_told(merchant_id=merchant_id, kind=RemedyDone)) == 1


def test_damage_is_said_within_its_hours_of_delivery(merchant_id: int) -> None:
    made = make_paid_agreement(merchant_id)
    follow_document(
        merchant_id=merchant_id, document=made.document, what="delivery", at=NOW, now=NOW
    )

    with pytest.raises(agreements.ReportedTooLate), transaction.atomic():
        claim(merchant_id, made, term=2, now=NOW + timedelta(hours=72))
    assert claim(merchant_id, made, term=2, now=NOW + timedelta(hours=71)).state == "claimed"


@pytest.mark.parametrize(("given", "pointer"), [({"said": " "}, "/said"), ({"key": ""}, "/key")])
def test_a_claim_says_something(merchant_id: int, given: dict[str, Any], pointer: str) -> None:
    made = make_accepted(merchant_id)

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        claim(merchant_id, made, **given)

    assert refused.value.pointer == pointer


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
