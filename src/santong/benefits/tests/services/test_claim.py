"""A member takes a coupon, within every limit and at its time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from santong.benefits import public as benefits
from santong.benefits.contracts import Validity
from santong.benefits.events import CouponIssued
from santong.benefits.models import BatchSlot
from santong.benefits.rules.slots import SLOTS
from santong.benefits.selectors.limits import given_of
from santong.benefits.services.claim import claim
from santong.benefits.tests.factories import (
    NOW,
    facts_told,
    make_batch,
    make_coupon,
    make_draft,
    new_key,
    new_member,
)
from santong.kernel.errors import FieldInvalid, NoSuch


def take(merchant_id: int, batch: benefits.Batch, *, member_id: int = 0, **named: object) -> object:
    return claim(
        merchant_id=merchant_id,
        batch_id=batch.id,
        member_id=member_id or new_member(),
        channel="online",
        **{"key": new_key(), "now": NOW, **named},  # type: ignore[arg-type]
    )


def test_a_claimed_coupon_is_issued_for_its_days_and_told(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, validity=Validity(days=30))

    coupon = make_coupon(merchant_id=merchant_id, batch=batch, member_id=17)

    assert coupon.state == "issued"
    assert (coupon.valid_from, coupon.valid_until) == (NOW, NOW + timedelta(days=30))
    assert facts_told(merchant_id=merchant_id, kind=CouponIssued) == [
        CouponIssued(
            coupon_id=coupon.id, batch_id=batch.id, member_id=17, channel="online", cause="claim"
        )
    ]
    assert benefits.coupon_by_id(merchant_id=merchant_id, coupon_id=coupon.id) == coupon
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_dates_of_the_batch_bound_its_coupons(merchant_id: int) -> None:
    begins, ends = NOW + timedelta(days=1), NOW + timedelta(days=9)
    dated = Validity(valid_from=begins, valid_until=ends)

    coupon = make_coupon(merchant_id=merchant_id, validity=dated)

    assert (coupon.valid_from, coupon.valid_until) == (begins, ends)


def test_a_coupon_may_be_valid_for_ever(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id, validity=Validity())

    assert coupon.valid_until is None


def test_the_same_key_gives_the_same_coupon(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=5)

    first = make_coupon(merchant_id=merchant_id, batch=batch, member_id=17)
    key = new_key()
    again = [
        claim(
            merchant_id=merchant_id,
            batch_id=batch.id,
            member_id=18,
            channel="online",
            key=key,
            now=NOW,
        )
        for _ in range(3)
    ]

    assert again[0] == again[1] == again[2]
    assert again[0].id != first.id
    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == 2


def test_a_key_of_another_command_is_refused(merchant_id: int) -> None:
    batch, key = make_batch(merchant_id=merchant_id), new_key()
    take(merchant_id, batch, member_id=17, key=key)

    with pytest.raises(benefits.KeyTaken), transaction.atomic():
        take(merchant_id, batch, member_id=18, key=key)


@pytest.mark.parametrize("limit", [1, 3, 63, 65])
def test_exactly_the_limit_is_given_out(merchant_id: int, limit: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=limit)

    for _ in range(limit):
        take(merchant_id, batch)
    with pytest.raises(benefits.LimitReached) as refused, transaction.atomic():
        take(merchant_id, batch)

    assert refused.value.limit == "total"
    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == limit


def test_a_batch_with_fewer_slots_gives_out_what_they_hold(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=SLOTS)
    BatchSlot.objects.of_merchant(merchant_id).filter(batch_id=batch.id, slot__gte=5).delete()

    for _ in range(5):
        take(merchant_id, batch)
    with pytest.raises(benefits.LimitReached), transaction.atomic():
        take(merchant_id, batch)

    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == 5


def test_the_slot_of_a_claim_that_was_told_again_is_counted_once(merchant_id: int) -> None:
    batch, key = make_batch(merchant_id=merchant_id, total=SLOTS), new_key()
    take(merchant_id, batch)
    first = take(merchant_id, batch, member_id=17, key=key)

    for _ in range(3):
        assert take(merchant_id, batch, member_id=17, key=key) == first

    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == 2


def test_a_member_gets_no_more_than_their_share(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, per_member=2)

    for _ in range(2):
        take(merchant_id, batch, member_id=17)
    with pytest.raises(benefits.LimitReached) as refused, transaction.atomic():
        take(merchant_id, batch, member_id=17)
    take(merchant_id, batch, member_id=18)

    assert refused.value.limit == "member"
    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == 3


def test_a_day_gives_out_its_share_and_the_next_its_own(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=100, per_day=3)
    tomorrow = NOW + timedelta(days=1)

    for _ in range(3):
        take(merchant_id, batch)
    with pytest.raises(benefits.LimitReached) as refused, transaction.atomic():
        take(merchant_id, batch)
    take(merchant_id, batch, now=tomorrow)

    assert refused.value.limit == "day"
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_a_day_begins_at_midnight_in_the_batchs_time_zone(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, per_day=1)
    just_before = NOW.replace(hour=15, minute=59)

    take(merchant_id, batch, now=just_before)
    with pytest.raises(benefits.LimitReached), transaction.atomic():
        take(merchant_id, batch, now=just_before)
    take(merchant_id, batch, now=just_before + timedelta(minutes=1))

    assert given_of(merchant_id=merchant_id, batch_id=batch.id) == 2


@pytest.mark.parametrize(
    ("opens", "closes"), [(timedelta(hours=1), None), (-timedelta(days=2), -timedelta(0))]
)
def test_nobody_claims_outside_the_window(
    merchant_id: int, opens: timedelta, closes: timedelta | None
) -> None:
    closes_at = None if closes is None else NOW + closes
    batch = make_batch(merchant_id=merchant_id, opens_at=NOW + opens, closes_at=closes_at)

    with pytest.raises(benefits.OutsideClaimWindow), transaction.atomic():
        take(merchant_id, batch)


def test_a_draft_gives_out_nothing(merchant_id: int) -> None:
    batch = make_draft(merchant_id=merchant_id)

    with pytest.raises(benefits.BatchNotOpen) as refused, transaction.atomic():
        take(merchant_id, batch)

    assert refused.value.state == "draft"


def test_a_batch_whose_coupons_would_be_over_gives_out_nothing(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, validity=Validity(valid_until=NOW))

    with pytest.raises(benefits.BatchNotOpen), transaction.atomic():
        take(merchant_id, batch)


def test_a_batch_that_is_not_there_is_not_found(merchant_id: int) -> None:
    with pytest.raises(NoSuch), transaction.atomic():
        claim(
            merchant_id=merchant_id,
            batch_id=404,
            member_id=1,
            channel="online",
            key="k",
            now=NOW,
        )


@pytest.mark.parametrize("key", ["", "k" * 101])
def test_a_command_names_itself(merchant_id: int, key: str) -> None:
    batch = make_batch(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid), transaction.atomic():
        take(merchant_id, batch, key=key)


def test_a_refused_claim_leaves_nothing_behind(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=1, per_member=1)
    take(merchant_id, batch, member_id=17)

    with pytest.raises(benefits.LimitReached), transaction.atomic():
        take(merchant_id, batch, member_id=18)

    assert len(facts_told(merchant_id=merchant_id, kind=CouponIssued)) == 1
    assert benefits.wallet(merchant_id=merchant_id, member_id=18, now=NOW) == []


def test_only_what_can_be_used_shows_its_code(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id, member_id=17)
    gone = make_coupon(merchant_id=merchant_id, member_id=17)
    benefits.void(
        merchant_id=merchant_id, coupon_id=gone.id, reason="wrong", key=new_key(), now=NOW
    )

    entries = benefits.wallet(merchant_id=merchant_id, member_id=17, now=NOW)

    code = benefits.shown(merchant_id=merchant_id, coupon_id=coupon.id).code
    assert [(each.coupon_id, each.state, each.code) for each in entries] == [
        (gone.id, "void", None),
        (coupon.id, "usable", code),
    ]
