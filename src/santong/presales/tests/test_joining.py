"""Buyers join: units, an order, a deposit, and never more than there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.orders import public as orders
from santong.presales.errors import (
    DepositOver,
    NotOnOffer,
    PresaleKeyTaken,
    SoldOut,
    TooManyUnits,
)
from santong.presales.selectors.offers import offer_by_id, offer_figures
from santong.presales.tests.factories import (
    BALANCE_FROM,
    BALANCE_UNTIL,
    DEPOSIT,
    DEPOSIT_UNTIL,
    GRACE,
    NOW,
    again,
    assert_sound,
    buyer,
    make_deposit,
    make_offer,
    make_presale,
    make_shop,
    order_of,
    pay_part,
    promised,
    tell_all,
    told,
)

HALF_AN_HOUR = timedelta(minutes=30)


def test_who_joins_has_units_an_order_and_half_an_hour(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)

    presale = make_presale(merchant_id, offer, units=2)

    order = order_of(merchant_id, presale)
    assert (presale.state, presale.units, presale.deposit_by) == ("asked", 2, NOW + HALF_AN_HOUR)
    assert (order.state, order.total_minor) == ("placed", 2 * 90_000)
    assert order.lines[0].discount_minor == 2 * 10_000
    assert promised(merchant_id, presale) == [("held", NOW + HALF_AN_HOUR + GRACE)]
    assert offer_by_id(merchant_id=merchant_id, offer_id=offer.id).taken_units == 2
    (fact,) = told(merchant_id, "presale_joined")
    assert (fact["deposit_minor"], fact["worth_minor"]) == (20_000, 40_000)
    assert_sound(merchant_id)


def test_the_deposit_in_the_stock_is_held_to_the_end_of_the_balance(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)

    presale = make_deposit(merchant_id, offer)

    order = order_of(merchant_id, presale)
    assert presale.state == "deposit_paid"
    assert (order.state, order.paid_minor) == ("placed", DEPOSIT)
    assert order.give_up_at == BALANCE_UNTIL + GRACE
    assert promised(merchant_id, presale) == [("held", BALANCE_UNTIL + GRACE)]
    (fact,) = told(merchant_id, "deposit_taken")
    assert fact["balance_minor"] == 80_000
    assert_sound(merchant_id)


def test_the_stock_of_a_deposit_is_there_days_later(merchant_id: int) -> None:
    make_shop(merchant_id, on_hand=1)
    presale = make_deposit(merchant_id, make_offer(merchant_id))

    inventory.expire_due(merchant_id=merchant_id, now=BALANCE_UNTIL)
    orders.expire_unpaid(merchant_id=merchant_id, now=BALANCE_UNTIL)

    assert promised(merchant_id, presale) == [("held", BALANCE_UNTIL + GRACE)]
    assert order_of(merchant_id, presale).state == "placed"


def test_goods_to_come_are_promised_from_nowhere(merchant_id: int) -> None:
    make_shop(merchant_id, on_hand=5)

    presale = make_deposit(merchant_id, make_offer(merchant_id, stock="to_come"))

    assert presale.state == "deposit_paid"
    assert promised(merchant_id, presale) == []
    assert_sound(merchant_id)


def test_joined_again_by_the_same_key_nothing_more_is_taken(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    first = make_presale(merchant_id, offer, key="K", recipient=buyer(7))

    second = make_presale(merchant_id, offer, key="K", recipient=buyer(7))

    assert second == first
    assert offer_by_id(merchant_id=merchant_id, offer_id=offer.id).taken_units == 1
    with pytest.raises(PresaleKeyTaken), transaction.atomic():
        make_presale(merchant_id, offer, key="K", recipient=buyer(7), units=2)


def test_nobody_has_more_than_one_buyer_may_however_they_write_their_number(
    merchant_id: int,
) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id, most_per_buyer=2)
    known = buyer(7)
    make_presale(merchant_id, offer, units=2, recipient=known)
    same = orders.Recipient(
        name="小明",
        phone=f"+86 {known.phone}",
        province="浙江省",
        city="杭州市",
        address="某路 1 号",
    )

    with pytest.raises(TooManyUnits), transaction.atomic():
        make_presale(merchant_id, offer, recipient=same)
    with pytest.raises(TooManyUnits), transaction.atomic():
        make_presale(merchant_id, offer, units=3)

    assert offer_by_id(merchant_id=merchant_id, offer_id=offer.id).taken_units == 2
    assert_sound(merchant_id)


def test_the_last_unit_is_sold_and_no_more(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id, limit_units=2)
    make_presale(merchant_id, offer)

    with pytest.raises(SoldOut) as refused, transaction.atomic():
        make_presale(merchant_id, offer, units=2)

    assert refused.value.left_units == 1
    assert make_presale(merchant_id, offer).state == "asked"


@pytest.mark.parametrize("ahead", [timedelta(hours=-2), timedelta(days=3), timedelta(days=9)])
def test_outside_the_deposit_window_nobody_joins(merchant_id: int, ahead: timedelta) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)

    with pytest.raises(NotOnOffer), transaction.atomic():
        make_presale(merchant_id, offer, now=NOW + ahead)

    assert_sound(merchant_id)


def test_who_joins_at_the_last_moment_pays_within_the_window(merchant_id: int) -> None:
    make_shop(merchant_id)
    late = DEPOSIT_UNTIL - timedelta(minutes=2)
    presale = make_presale(merchant_id, make_offer(merchant_id), now=late)

    assert presale.deposit_by == DEPOSIT_UNTIL
    with pytest.raises(DepositOver), transaction.atomic():
        pay_part(merchant_id, presale, "deposit", now=DEPOSIT_UNTIL)


def test_a_buyer_has_a_telephone_number(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)

    with pytest.raises(FieldInvalid) as refused, transaction.atomic():
        make_presale(merchant_id, offer, recipient=orders.Recipient(name="王小明"))

    assert refused.value.pointer == "/recipient/phone"


def test_a_deposit_that_does_not_come_lets_the_units_go(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    presale = make_presale(merchant_id, offer, units=2)
    later = NOW + HALF_AN_HOUR + GRACE

    orders.expire_unpaid(merchant_id=merchant_id, now=later - timedelta(seconds=1))
    assert again(merchant_id, presale).state == "asked"
    orders.expire_unpaid(merchant_id=merchant_id, now=later)
    tell_all(merchant_id, now=later)

    assert again(merchant_id, presale).state == "lapsed"
    assert offer_by_id(merchant_id=merchant_id, offer_id=offer.id).taken_units == 0
    assert [state for state, _ in promised(merchant_id, presale)] == ["released"]
    assert offer_figures(merchant_id=merchant_id, offer_id=offer.id).units_by_state["lapsed"] == 2
    assert len(told(merchant_id, "presale_lapsed")) == 1
    assert_sound(merchant_id)


def test_a_deposit_that_comes_after_all_goes_back(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_presale(merchant_id, make_offer(merchant_id))
    later = NOW + HALF_AN_HOUR + GRACE
    pay_part(merchant_id, presale, "deposit", now=NOW + timedelta(minutes=29))
    orders.expire_unpaid(merchant_id=merchant_id, now=later)

    tell_all(merchant_id, now=later)

    order = order_of(merchant_id, presale)
    assert again(merchant_id, presale).state == "lapsed"
    assert (order.paid_minor, order.refund_due_minor) == (DEPOSIT, DEPOSIT)
    assert_sound(merchant_id)


def test_all_paid_at_once_is_paid(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_presale(merchant_id, make_offer(merchant_id))

    orders.record_payment(
        merchant_id=merchant_id,
        order_id=presale.order_id,
        payment=orders.NewPayment(
            external_id="T1", amount_minor=90_000, currency="CNY", paid_at=NOW, provider="till"
        ),
        now=NOW,
    )
    tell_all(merchant_id, now=NOW)

    assert again(merchant_id, presale).state == "paid"
    assert NOW < BALANCE_FROM
    assert_sound(merchant_id)


def test_of_many_buyers_at_once_exactly_the_limit_has_units(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant, on_hand=100)
        offer = make_offer(merchant, limit_units=7)
    buyers = [buyer() for _ in range(12)]

    def attempt(who: orders.Recipient) -> Callable[[], Any]:
        def run() -> Any:
            with tenancy.scope(merchant_id=merchant):
                return make_presale(merchant, offer, recipient=who)

        return run

    answers = at_once(*[attempt(who) for who in buyers])

    refused = [each for each in answers if isinstance(each, SoldOut)]
    assert (len(answers) - len(refused), len(refused)) == (7, 5)
    with tenancy.scope(merchant_id=merchant):
        assert offer_by_id(merchant_id=merchant, offer_id=offer.id).taken_units == 7
        assert_sound(merchant)


def test_one_buyer_at_many_counters_at_once_has_what_one_may(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant, on_hand=100)
        offer = make_offer(merchant, most_per_buyer=2)
    who = buyer()

    def run() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return make_presale(merchant, offer, recipient=who)

    answers = at_once(*[run] * 6)

    assert sum(isinstance(each, TooManyUnits) for each in answers) == 4
    with tenancy.scope(merchant_id=merchant):
        assert_sound(merchant)
