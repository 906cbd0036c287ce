"""Codes that people read out: none is guessed, none is misheard unnoticed."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from santong.benefits import public as benefits
from santong.benefits.contracts import Coupon, Validity
from santong.benefits.errors import CodeUnknown, TooManyTries
from santong.benefits.rules import codes
from santong.benefits.selectors.coupons import coupon_by_code
from santong.benefits.services.open_code import TRIES_MAX, WITHIN, open_code
from santong.benefits.services.print_codes import print_codes
from santong.benefits.services.take_code import take_code
from santong.benefits.tests.factories import NOW, make_batch, make_coupon, new_key
from santong.benefits.tests.races import AtOnce, assert_sound, good, in_scope
from santong.benefits.tests.steps import end
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid

spellings = st.binary(min_size=16, max_size=16).map(codes.spelled)


@given(spellings)
def test_a_code_is_a_code_however_it_is_typed(code: str) -> None:
    typed = f" {codes.grouped(code).lower()} "

    assert codes.normalised(typed) == code
    assert codes.is_code(code)


@given(spellings, st.integers(0, 11), st.sampled_from(codes.ALPHABET))
def test_one_wrong_letter_is_found(code: str, place: int, letter: str) -> None:
    wrong = code[:place] + letter + code[place + 1 :]

    assert codes.is_code(wrong) == (wrong == code)


@given(spellings, st.integers(0, 11), st.integers(0, 11))
def test_two_letters_that_changed_places_are_found(code: str, one: int, other: int) -> None:
    letters = list(code)
    letters[one], letters[other] = letters[other], letters[one]

    assert codes.is_code("".join(letters)) == ("".join(letters) == code)


def test_of_a_million_guesses_none_opens_a_coupon() -> None:
    dice = random.Random(20261111)
    live = {codes.spelled(dice.randbytes(16)) for _ in range(100_000)}

    guesses = (codes.spelled(dice.randbytes(16)) for _ in range(1_000_000))

    assert len(live) == 100_000
    assert sum(guess in live for guess in guesses) == 0


def test_a_code_opens_its_coupon(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    code = benefits.shown(merchant_id=merchant_id, coupon_id=coupon.id).code

    assert coupon_by_code(merchant_id=merchant_id, code=code.lower()) == coupon
    assert coupon_by_code(merchant_id=merchant_id, code=code[:-1]) is None


def test_whoever_guesses_has_to_wait_and_good_codes_count_for_nothing(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    code = benefits.shown(merchant_id=merchant_id, coupon_id=coupon.id).code

    opened = [open_code(merchant_id=merchant_id, code=code, now=NOW) for _ in range(TRIES_MAX * 2)]
    wrong = [
        open_code(merchant_id=merchant_id, code=f"guess {number}", now=NOW)
        for number in range(TRIES_MAX + 2)
    ]
    locked = open_code(merchant_id=merchant_id, code=code, now=NOW)
    later = open_code(merchant_id=merchant_id, code=code, now=NOW + WITHIN + timedelta(seconds=1))

    assert opened == [coupon] * (TRIES_MAX * 2)
    assert wrong[:TRIES_MAX] == [CodeUnknown()] * TRIES_MAX
    assert wrong[TRIES_MAX:] == [TooManyTries(retry_after_seconds=600)] * 2
    assert locked == TooManyTries(retry_after_seconds=600)
    assert later == coupon


def test_printed_codes_belong_to_whoever_takes_them_first(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=10, per_member=1)
    named = {"batch_id": batch.id, "quantity": 3, "channel": "store", "now": NOW}

    printed = print_codes(merchant_id=merchant_id, key="flyer", **named)  # type: ignore[arg-type]
    again = print_codes(merchant_id=merchant_id, key="flyer", **named)  # type: ignore[arg-type]
    coupons = [coupon_by_code(merchant_id=merchant_id, code=code) for code in printed]
    first, second, _ = coupons
    assert first is not None
    assert second is not None
    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        benefits.redeem(
            merchant_id=merchant_id, coupon_id=first.id, channel="store", key="r", now=NOW
        )
    later = NOW + timedelta(days=2)
    taken = take_code(merchant_id=merchant_id, coupon_id=first.id, member_id=17, now=later)
    taken_again = take_code(merchant_id=merchant_id, coupon_id=first.id, member_id=17, now=later)
    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        take_code(merchant_id=merchant_id, coupon_id=first.id, member_id=18, now=later)
    with pytest.raises(benefits.LimitReached), transaction.atomic():
        take_code(merchant_id=merchant_id, coupon_id=second.id, member_id=17, now=later)

    assert printed == again
    assert len(set(printed)) == 3
    assert (taken.state, taken.member_id) == ("issued", 17)
    assert taken == taken_again
    assert taken.valid_until == later + timedelta(days=30)
    assert benefits.check_invariants(merchant_id=merchant_id, now=NOW) == []


def test_no_more_codes_are_printed_than_the_limit_has(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, total=5)
    named = {"batch_id": batch.id, "channel": "store", "now": NOW}

    with pytest.raises(benefits.LimitReached), transaction.atomic():
        print_codes(merchant_id=merchant_id, quantity=6, key="a", **named)  # type: ignore[arg-type]
    with pytest.raises(FieldInvalid), transaction.atomic():
        print_codes(merchant_id=merchant_id, quantity=0, key="a", **named)  # type: ignore[arg-type]
    print_codes(merchant_id=merchant_id, quantity=5, key="a", **named)  # type: ignore[arg-type]
    with pytest.raises(benefits.KeyTaken), transaction.atomic():
        print_codes(merchant_id=merchant_id, quantity=4, key="a", **named)  # type: ignore[arg-type]


def test_a_printed_code_that_is_over_or_void_is_nobodys(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, validity=Validity(days=3))
    (code, other) = print_codes(
        merchant_id=merchant_id, batch_id=batch.id, quantity=2, channel="store", key="a", now=NOW
    )
    over, gone = (coupon_by_code(merchant_id=merchant_id, code=each) for each in (code, other))
    assert isinstance(over, Coupon)
    assert isinstance(gone, Coupon)
    end(merchant_id, gone)

    with pytest.raises(benefits.NotValidNow), transaction.atomic():
        take_code(
            merchant_id=merchant_id,
            coupon_id=over.id,
            member_id=17,
            now=NOW + timedelta(days=3),
        )
    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        take_code(merchant_id=merchant_id, coupon_id=gone.id, member_id=17, now=NOW)


def test_a_printed_code_has_one_taker(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        batch = make_batch(merchant_id=merchant, total=10, per_member=1)
        (code,) = print_codes(
            merchant_id=merchant,
            batch_id=batch.id,
            quantity=1,
            channel="store",
            key=new_key(),
            now=NOW,
        )
        coupon = coupon_by_code(merchant_id=merchant, code=code)
    assert coupon is not None

    results = at_once(
        *[
            in_scope(merchant, take_code, coupon_id=coupon.id, member_id=member_id)
            for member_id in range(17, 23)
        ]
    )

    assert len(good(results)) == 1
    assert_sound(merchant)
