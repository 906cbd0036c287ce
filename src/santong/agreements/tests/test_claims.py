"""What buyers and service say was not kept, and what a person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.agreements import public as agreements
from santong.agreements.events import RemedyDone, RemedyOwed, TermBroken
from santong.agreements.services.follow import follow_document
from santong.agreements.tests.factories import (
    MONEY_BACK,
    NOW,
    breach,
    broken,
    claim,
    make_accepted,
    make_paid_agreement,
)
from santong.evidence import public as evidence
from santong.evidence.tests.factories import make_photo
from santong.kernel.errors import FieldInvalid
from santong.payments.tests.factories import (
    facts_told,
)


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
