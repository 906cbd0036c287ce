"""What can be done to a coupon, from its issue to its end, and what cannot."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, get_args

import pytest
from django.db import transaction

from santong.benefits import public as benefits
from santong.benefits.contracts import RedemptionLine, Validity
from santong.benefits.events import (
    CouponGivenBack,
    CouponRedeemed,
    CouponsExpired,
    CouponVoided,
)
from santong.benefits.models import Coupon
from santong.benefits.selectors.limits import batch_by_id
from santong.benefits.tests.factories import (
    LATER,
    NOW,
    facts_told,
    make_batch,
    make_coupon,
    new_key,
)
from santong.benefits.tests.steps import LINES, back, end, hold, redeem, sound, state_of
from santong.kernel.errors import FieldInvalid, NoSuch


def test_a_coupon_is_used_in_a_store_once(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id, member_id=17)

    used = redeem(merchant_id, coupon)
    with pytest.raises(benefits.CouponStatePassed) as refused, transaction.atomic():
        redeem(merchant_id, coupon)

    assert (used.is_new, used.attempt, used.amount_minor) == (True, 1, 500)
    assert refused.value.state == "redeemed"
    assert facts_told(merchant_id=merchant_id, kind=CouponRedeemed) == [
        CouponRedeemed(
            coupon_id=coupon.id,
            batch_id=coupon.batch_id,
            member_id=17,
            amount_minor=500,
            channel="store",
            location_id=None,
        )
    ]
    assert sound(merchant_id)


def test_the_same_key_redeems_once(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)

    first = redeem(merchant_id, coupon, key="till-1")
    again = redeem(merchant_id, coupon, key="till-1")

    assert (first.is_new, again.is_new) == (True, False)
    assert (first.coupon_id, first.amount_minor) == (again.coupon_id, again.amount_minor)
    assert len(facts_told(merchant_id=merchant_id, kind=CouponRedeemed)) == 1


def test_a_key_names_one_step_of_one_coupon(merchant_id: int) -> None:
    one, other = make_coupon(merchant_id=merchant_id), make_coupon(merchant_id=merchant_id)
    redeem(merchant_id, one, key="till-1")

    with pytest.raises(benefits.KeyTaken), transaction.atomic():
        redeem(merchant_id, other, key="till-1")
    with pytest.raises(benefits.KeyTaken), transaction.atomic():
        hold(merchant_id, other, key="till-1")

    assert state_of(merchant_id, other) == "issued"


def test_an_order_holds_uses_and_gives_back(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)

    held = hold(merchant_id, coupon)
    given_back = benefits.give_back(
        merchant_id=merchant_id, coupon_id=coupon.id, holder="order:1", key=new_key(), now=NOW
    )
    hold(merchant_id, coupon, holder="order:2")
    redeem(merchant_id, coupon, holder="order:2")

    assert (held.state, held.holder, held.amount_minor) == ("held", "order:1", 500)
    assert (given_back.state, given_back.holder, given_back.amount_minor) == ("issued", "", 0)
    assert facts_told(merchant_id=merchant_id, kind=CouponGivenBack) == [
        CouponGivenBack(coupon_id=coupon.id, holder="order:1")
    ]
    kinds = [
        event.kind for event in benefits.events_of(merchant_id=merchant_id, coupon_id=coupon.id)
    ]
    assert kinds == ["issued", "held", "given_back", "held", "redeemed"]
    of_order = benefits.coupons_of_holder(merchant_id=merchant_id, holder="order:2")
    assert [each.id for each in of_order] == [coupon.id]
    assert sound(merchant_id)


def test_what_one_order_holds_nobody_else_uses(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    hold(merchant_id, coupon)

    for holder in ("", "order:2"):
        with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
            redeem(merchant_id, coupon, holder=holder)
        with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
            hold(merchant_id, coupon, holder=holder or "order:3")
    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        benefits.give_back(
            merchant_id=merchant_id, coupon_id=coupon.id, holder="order:2", key="k", now=NOW
        )

    assert state_of(merchant_id, coupon) == "held"


def test_a_budget_stops_what_would_overspend_it(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, budget_minor=1_000)
    coupons = [make_coupon(merchant_id=merchant_id, batch=batch) for _ in range(3)]

    redeem(merchant_id, coupons[0], amount_minor=600)
    with pytest.raises(benefits.LimitReached) as refused, transaction.atomic():
        redeem(merchant_id, coupons[1], amount_minor=401)
    hold(merchant_id, coupons[1], amount_minor=400)
    with pytest.raises(benefits.LimitReached) as of_claim, transaction.atomic():
        make_coupon(merchant_id=merchant_id, batch=batch)

    assert (refused.value.limit, of_claim.value.limit) == ("budget", "budget")
    assert batch_by_id(merchant_id=merchant_id, batch_id=batch.id).spent_minor == 1_000
    assert sound(merchant_id)


@pytest.mark.parametrize("undo", [end, back])
def test_what_is_undone_goes_back_to_the_budget(
    merchant_id: int, undo: Callable[[int, benefits.Coupon], object]
) -> None:
    batch = make_batch(merchant_id=merchant_id, budget_minor=1_000)
    coupon = make_coupon(merchant_id=merchant_id, batch=batch)
    redeem(merchant_id, coupon, amount_minor=600)

    undo(merchant_id, coupon)

    assert batch_by_id(merchant_id=merchant_id, batch_id=batch.id).spent_minor == 0
    assert sound(merchant_id)


@pytest.mark.parametrize("days", [-1, 40])
def test_a_coupon_is_used_in_its_time_alone(merchant_id: int, days: int) -> None:
    validity = Validity(valid_from=NOW + timedelta(days=1), valid_until=NOW + timedelta(days=30))
    coupon = make_coupon(merchant_id=merchant_id, validity=validity)

    with pytest.raises(benefits.NotValidNow), transaction.atomic():
        redeem(merchant_id, coupon, now=NOW + timedelta(days=days))

    assert redeem(merchant_id, coupon, now=NOW + timedelta(days=1)).is_new


def test_a_frozen_coupon_rests(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id, member_id=17)
    named: dict[str, Any] = {"merchant_id": merchant_id, "coupon_id": coupon.id, "now": NOW}

    benefits.freeze(reason="disputed", key="f-1", **named)
    benefits.freeze(reason="disputed", key="f-1", **named)
    for step in (redeem, hold):
        with pytest.raises(benefits.CouponFrozen), transaction.atomic():
            step(merchant_id, coupon)
    (resting,) = benefits.wallet(merchant_id=merchant_id, member_id=17, now=NOW)
    benefits.unfreeze(reason="settled", key="f-2", **named)
    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        benefits.unfreeze(reason="settled", key="f-3", **named)

    assert (resting.state, resting.code) == ("frozen", None)
    assert redeem(merchant_id, coupon).is_new


@pytest.mark.parametrize("state", ["issued", "held", "redeemed"])
def test_a_coupon_is_taken_back_wherever_it_stands(merchant_id: int, state: str) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    reach: dict[str, Callable[[int, benefits.Coupon], object]] = {
        "issued": lambda *_: None,
        "held": hold,
        "redeemed": redeem,
    }
    reach[state](merchant_id, coupon)

    end(merchant_id, coupon)
    with pytest.raises(benefits.CouponStatePassed), transaction.atomic():
        end(merchant_id, coupon)

    assert state_of(merchant_id, coupon) == "void"
    assert facts_told(merchant_id=merchant_id, kind=CouponVoided) == [
        CouponVoided(coupon_id=coupon.id, reason="wrong")
    ]
    assert sound(merchant_id)


def test_what_is_over_expires_and_twice_is_once(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, validity=Validity(days=3))
    kept, used, gone = (make_coupon(merchant_id=merchant_id, batch=batch) for _ in range(3))
    hold(merchant_id, kept, held_until=NOW + timedelta(days=9))
    redeem(merchant_id, used)
    later = NOW + timedelta(days=3)

    early = benefits.expire_due(merchant_id=merchant_id, now=later - timedelta(seconds=1))
    first = benefits.expire_due(merchant_id=merchant_id, now=later)
    again = benefits.expire_due(merchant_id=merchant_id, now=later)

    assert (early, first, again) == (0, 1, 0)
    assert [state_of(merchant_id, each) for each in (kept, used, gone)] == [
        "held",
        "redeemed",
        "expired",
    ]
    assert facts_told(merchant_id=merchant_id, kind=CouponsExpired) == [
        CouponsExpired(batch_id=batch.id, coupon_ids=(gone.id,))
    ]
    assert sound(merchant_id, later)


def test_a_hold_ends_with_its_time_and_frees_the_budget(merchant_id: int) -> None:
    batch = make_batch(merchant_id=merchant_id, budget_minor=10_000)
    coupons = [make_coupon(merchant_id=merchant_id, batch=batch) for _ in range(3)]
    for coupon in coupons:
        hold(merchant_id, coupon, amount_minor=700)

    ended = [benefits.expire_due(merchant_id=merchant_id, now=LATER) for _ in range(2)]

    assert ended == [3, 0]
    assert batch_by_id(merchant_id=merchant_id, batch_id=batch.id).spent_minor == 0
    assert {state_of(merchant_id, each) for each in coupons} == {"issued"}
    assert len(facts_told(merchant_id=merchant_id, kind=CouponGivenBack)) == 3
    assert sound(merchant_id, LATER)


def test_a_hold_that_outlives_the_coupon_gives_it_grace(merchant_id: int) -> None:
    batch = make_batch(
        merchant_id=merchant_id,
        validity=Validity(days=3),
        return_policy="restore_with_grace",
        grace_days=2,
    )
    coupon = make_coupon(merchant_id=merchant_id, batch=batch)
    after = NOW + timedelta(days=4)
    hold(merchant_id, coupon, held_until=after)

    benefits.expire_due(merchant_id=merchant_id, now=after)

    found = benefits.coupon_by_id(merchant_id=merchant_id, coupon_id=coupon.id)
    assert (found.state, found.valid_until) == ("issued", after + timedelta(days=2))


@pytest.mark.parametrize(
    ("named", "pointer"),
    [
        ({"amount_minor": -1}, "/amount_minor"),
        ({"holder": "h" * 81}, "/holder"),
        ({"key": ""}, "/key"),
        ({"lines": (RedemptionLine(line="1", quantity=0),)}, "/lines/0/quantity"),
        ({"lines": (LINES[0], LINES[0])}, "/lines/1/line"),
    ],
)
def test_what_makes_no_sense_is_refused(
    merchant_id: int, named: dict[str, Any], pointer: str
) -> None:
    coupon = make_coupon(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        redeem(merchant_id, coupon, **named)

    assert refused.value.pointer == pointer


def test_a_coupon_that_is_not_there_is_not_found(merchant_id: int) -> None:
    coupon = make_coupon(merchant_id=merchant_id)
    nobody = type(coupon)(**{**{n: getattr(coupon, n) for n in coupon.__slots__}, "id": 404})

    for step in (redeem, hold, back, end):
        with pytest.raises(NoSuch), transaction.atomic():
            step(merchant_id, nobody)


def test_the_wallet_shows_those_alone_that_stand_as_asked(merchant_id: int) -> None:
    usable, upcoming, ended, held, frozen, held_and_frozen, used, void, gone = (
        make_coupon(merchant_id=merchant_id, member_id=17, validity=validity)
        for validity in (
            Validity(days=30),
            Validity(valid_from=LATER),
            Validity(days=1),
            *[Validity(days=30)] * 5,
            Validity(days=1),
        )
    )
    hold(merchant_id, held)
    hold(merchant_id, held_and_frozen)
    for coupon in (frozen, held_and_frozen):
        benefits.freeze(
            merchant_id=merchant_id, coupon_id=coupon.id, reason="test", key=new_key(), now=NOW
        )
    redeem(merchant_id, used)
    end(merchant_id, void)
    a_day_on = NOW + timedelta(days=1)
    Coupon.objects.filter(id=gone.id).update(state="expired")
    Coupon.objects.filter(id=upcoming.id).update(valid_from=a_day_on + timedelta(hours=1))
    everything = benefits.wallet(merchant_id=merchant_id, member_id=17, now=a_day_on)

    by_state = {
        state: [
            entry.coupon_id
            for entry in benefits.wallet(
                merchant_id=merchant_id, member_id=17, now=a_day_on, states=[state]
            )
        ]
        for state in get_args(benefits.WalletState)
    }

    assert by_state == {
        "usable": [usable.id],
        "upcoming": [upcoming.id],
        "held": [held.id],
        "frozen": [held_and_frozen.id, frozen.id],
        "used": [used.id],
        "expired": [gone.id, ended.id],
        "void": [void.id],
    }
    assert {entry.coupon_id: entry.state for entry in everything} == {
        coupon_id: state for state, ids in by_state.items() for coupon_id in ids
    }
    some = benefits.wallet(
        merchant_id=merchant_id, member_id=17, now=a_day_on, states=["used", "void"], limit=1
    )
    assert [entry.coupon_id for entry in some] == [void.id]
