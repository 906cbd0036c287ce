"""The balance in its window, and what becomes of the deposit when it does not come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.payments.tests.factories import end_refunds
from santong.presales.errors import BalanceNotOpen, PresalePassed
from santong.presales.selectors.offers import offer_by_id, offer_figures
from santong.presales.services.cancel_presale import cancel_presale
from santong.presales.services.open_balances import open_balances
from santong.presales.services.publish_offer import end_offers
from santong.presales.services.share_kept import share_all_kept
from santong.presales.tests.factories import (
    BALANCE,
    BALANCE_FROM,
    BALANCE_UNTIL,
    DEPOSIT,
    GRACE,
    NOW,
    again,
    assert_sound,
    books,
    make_deposit,
    make_offer,
    make_paid,
    make_presale,
    make_shop,
    order_of,
    pay_part,
    promised,
    tell_all,
    told,
)
from santong.settlement import public as settlement

CLOSED = BALANCE_UNTIL + GRACE


def close(merchant_id: int) -> None:
    """The clock comes to the end of the balance's grace, and everybody hears of it."""
    orders.expire_unpaid(merchant_id=merchant_id, now=CLOSED)
    tell_all(merchant_id, now=CLOSED)


def test_deposit_and_balance_make_an_order_like_any_other(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)

    presale = make_paid(merchant_id, offer)

    order = order_of(merchant_id, presale)
    assert (presale.state, order.state, order.paid_minor) == ("paid", "paid", DEPOSIT + BALANCE)
    assert [state for state, _ in promised(merchant_id, presale)] == ["allocated"]
    assert told(merchant_id, "balance_paid")[0]["total_minor"] == 90_000
    figures = offer_figures(merchant_id=merchant_id, offer_id=offer.id)
    assert (figures.deposits_minor, figures.balances_minor) == (DEPOSIT, BALANCE)
    assert_sound(merchant_id)


@pytest.mark.parametrize("at", [NOW, BALANCE_FROM - timedelta(seconds=1), BALANCE_UNTIL])
def test_outside_its_window_the_balance_is_not_asked_for(merchant_id: int, at: Any) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))

    with pytest.raises(BalanceNotOpen), transaction.atomic():
        pay_part(merchant_id, presale, "balance", now=at)


def test_the_buyer_is_reminded_once_when_the_window_opens(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    presale = make_deposit(merchant_id, offer)
    make_presale(merchant_id, offer)

    early = open_balances(merchant_id=merchant_id, now=BALANCE_FROM - timedelta(seconds=1))
    first = open_balances(merchant_id=merchant_id, now=BALANCE_FROM)
    again_ = open_balances(merchant_id=merchant_id, now=BALANCE_FROM)

    assert (early, first, again_) == (0, 1, 0)
    (fact,) = told(merchant_id, "balance_opened")
    assert (fact["presale_id"], fact["balance_minor"]) == (presale.id, BALANCE)


def test_goods_to_come_are_paid_without_stock_and_wait(merchant_id: int) -> None:
    make_shop(merchant_id, on_hand=0)

    presale = make_paid(merchant_id, make_offer(merchant_id, stock="to_come"))

    assert presale.state == "paid"
    assert order_of(merchant_id, presale).state == "paid_without_stock"
    assert_sound(merchant_id)


def test_without_the_balance_the_deposit_is_kept_and_becomes_income(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)
    presale = make_deposit(merchant_id, offer)

    close(merchant_id)

    ended, order = again(merchant_id, presale), order_of(merchant_id, presale)
    assert (ended.state, ended.kept_minor, ended.shared_minor) == ("forfeited", DEPOSIT, DEPOSIT)
    assert (order.state, order.refund_due_minor, order.forfeited_minor) == ("cancelled", 0, DEPOSIT)
    assert [state for state, _ in promised(merchant_id, presale)] == ["released"]
    sale = settlement.shared_sale(merchant_id=merchant_id, document=presale.document)
    assert (sale.paid_minor, sale.left_minor) == (DEPOSIT, DEPOSIT)
    assert books(merchant_id, "document", presale.document) == DEPOSIT
    assert offer_by_id(merchant_id=merchant_id, offer_id=offer.id).taken_units == 0
    assert told(merchant_id, "deposit_forfeited")[0]["kept_minor"] == DEPOSIT
    assert settlement.check_invariants(merchant_id=merchant_id) == []
    assert_sound(merchant_id)


@pytest.mark.parametrize(
    ("forfeit", "bp", "kept"), [("none", 0, 0), ("part", 3_333, 3_333), ("all", 0, 10_000)]
)
def test_what_is_kept_and_what_goes_back_is_what_was_paid(
    merchant_id: int, forfeit: Any, bp: int, kept: int
) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id, forfeit=forfeit, forfeit_bp=bp)
    presale = make_deposit(merchant_id, offer)

    close(merchant_id)
    end_refunds(merchant_id=merchant_id, document=presale.document, now=CLOSED)
    tell_all(merchant_id, now=CLOSED)

    ended, order = again(merchant_id, presale), order_of(merchant_id, presale)
    assert (ended.state, ended.kept_minor) == ("forfeited", kept)
    assert (order.forfeited_minor, order.refund_due_minor) == (kept, DEPOSIT - kept)
    assert books(merchant_id, "document", presale.document) == kept
    figures = offer_figures(merchant_id=merchant_id, offer_id=offer.id)
    assert (figures.kept_minor, figures.given_back_minor) == (kept, DEPOSIT - kept)
    assert settlement.check_invariants(merchant_id=merchant_id) == []
    assert_sound(merchant_id)


def test_a_balance_paid_in_time_and_told_in_the_grace_counts(merchant_id: int) -> None:
    make_shop(merchant_id, on_hand=1)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    pay_part(merchant_id, presale, "balance", now=BALANCE_UNTIL - timedelta(seconds=1))
    late = CLOSED - timedelta(seconds=1)

    inventory.expire_due(merchant_id=merchant_id, now=late)
    orders.expire_unpaid(merchant_id=merchant_id, now=late)
    tell_all(merchant_id, now=late)

    assert again(merchant_id, presale).state == "paid"
    assert order_of(merchant_id, presale).state == "paid"
    assert_sound(merchant_id)


def test_a_balance_that_comes_after_the_end_goes_back_and_the_deposit_stays(
    merchant_id: int,
) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))
    pay_part(merchant_id, presale, "balance", now=BALANCE_UNTIL - timedelta(seconds=1))
    orders.expire_unpaid(merchant_id=merchant_id, now=CLOSED)

    tell_all(merchant_id, now=CLOSED)
    end_refunds(merchant_id=merchant_id, document=presale.document, now=CLOSED)
    tell_all(merchant_id, now=CLOSED)

    ended, order = again(merchant_id, presale), order_of(merchant_id, presale)
    assert (ended.state, ended.kept_minor) == ("forfeited", DEPOSIT)
    assert (order.paid_minor, order.refund_due_minor) == (DEPOSIT + BALANCE, BALANCE)
    assert books(merchant_id, "document", presale.document) == DEPOSIT
    assert_sound(merchant_id)


def test_a_balance_paid_twice_goes_back_once(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_paid(merchant_id, make_offer(merchant_id))

    orders.record_payment(
        merchant_id=merchant_id,
        order_id=presale.order_id,
        payment=orders.NewPayment(
            external_id="AGAIN",
            amount_minor=BALANCE,
            currency="CNY",
            paid_at=BALANCE_FROM,
            provider="till",
        ),
        now=BALANCE_FROM,
    )
    tell_all(merchant_id, now=BALANCE_FROM)

    order = order_of(merchant_id, presale)
    assert (order.state, order.refund_due_minor) == ("paid", BALANCE)
    assert_sound(merchant_id)


@pytest.mark.parametrize(("forfeit", "kept"), [("none", 0), ("all", 10_000)])
def test_a_buyer_who_lets_it_go_loses_what_was_agreed(
    merchant_id: int, forfeit: Any, kept: int
) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id, forfeit=forfeit)
    presale = make_deposit(merchant_id, offer)

    for _ in range(2):
        cancel_presale(
            merchant_id=merchant_id, presale_id=presale.id, reason="changed my mind", now=NOW
        )
    tell_all(merchant_id, now=NOW)

    ended, order = again(merchant_id, presale), order_of(merchant_id, presale)
    assert (ended.state, ended.kept_minor, order.forfeited_minor) == ("cancelled", kept, kept)
    assert order.refund_due_minor == DEPOSIT - kept
    assert offer_by_id(merchant_id=merchant_id, offer_id=offer.id).taken_units == 0
    assert len(told(merchant_id, "presale_cancelled")) == 1
    assert settlement.check_invariants(merchant_id=merchant_id) == []
    assert_sound(merchant_id)


def test_let_go_before_the_deposit_costs_nothing(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_presale(merchant_id, make_offer(merchant_id))

    cancel_presale(merchant_id=merchant_id, presale_id=presale.id, reason="no", now=NOW)
    tell_all(merchant_id, now=NOW)

    assert again(merchant_id, presale).kept_minor == 0
    assert_sound(merchant_id)


def test_a_deposit_nobody_has_heard_of_yet_is_at_stake_as_well(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_presale(merchant_id, make_offer(merchant_id))
    pay_part(merchant_id, presale, "deposit", now=NOW)
    tell_all(merchant_id, now=NOW, contexts=("orders",))

    cancel_presale(merchant_id=merchant_id, presale_id=presale.id, reason="no", now=NOW)

    assert again(merchant_id, presale).kept_minor == DEPOSIT
    assert_sound(merchant_id)


def test_what_is_paid_is_no_presale_any_more(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_paid(merchant_id, make_offer(merchant_id))

    with pytest.raises(PresalePassed), transaction.atomic():
        cancel_presale(merchant_id=merchant_id, presale_id=presale.id, reason="no", now=NOW)


def test_an_order_that_the_shop_cancels_gives_all_back(merchant_id: int) -> None:
    make_shop(merchant_id)
    presale = make_deposit(merchant_id, make_offer(merchant_id))

    orders.cancel_order(
        merchant_id=merchant_id, order_id=presale.order_id, reason="wrong goods", now=NOW
    )
    tell_all(merchant_id, now=NOW)

    assert again(merchant_id, presale).state == "cancelled"
    assert order_of(merchant_id, presale).refund_due_minor == DEPOSIT
    assert_sound(merchant_id)


def test_offers_end_with_their_windows(merchant_id: int) -> None:
    make_shop(merchant_id)
    offer = make_offer(merchant_id)

    early = end_offers(merchant_id=merchant_id, now=CLOSED - timedelta(seconds=1))
    ended = end_offers(merchant_id=merchant_id, now=CLOSED)

    assert (early, ended) == (0, 1)
    assert offer_by_id(merchant_id=merchant_id, offer_id=offer.id).state == "ended"
    assert len(told(merchant_id, "offer_ended")) == 1


def test_a_balance_at_the_last_moment_is_paid_or_goes_back_and_never_both(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        offer = make_offer(merchant)
        presales = [make_deposit(merchant, offer) for _ in range(4)]

    def pay(order_id: int) -> Callable[[], Any]:
        def run() -> Any:
            with tenancy.scope(merchant_id=merchant):
                return orders.record_payment(
                    merchant_id=merchant,
                    order_id=order_id,
                    payment=orders.NewPayment(
                        external_id="LAST",
                        amount_minor=BALANCE,
                        currency="CNY",
                        paid_at=BALANCE_UNTIL,
                        provider="till",
                    ),
                    now=CLOSED,
                )

        return run

    def give_up() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return orders.expire_unpaid(merchant_id=merchant, now=CLOSED)

    at_once(*[pay(each.order_id) for each in presales], give_up, give_up)

    with tenancy.scope(merchant_id=merchant):
        tell_all(merchant, now=CLOSED)
        orders.expire_unpaid(merchant_id=merchant, now=CLOSED)
        tell_all(merchant, now=CLOSED)
        share_all_kept(merchant_id=merchant, now=CLOSED)
        shared = {again(merchant, each).shared_minor for each in presales}
        assert shared <= {None, DEPOSIT}
        found = [(again(merchant, each).state, order_of(merchant, each)) for each in presales]
        assert {state for state, _ in found} <= {"paid", "forfeited"}
        for state, order in found:
            kept, back = (0, 0) if state == "paid" else (DEPOSIT, BALANCE)
            assert (order.forfeited_minor, order.refund_due_minor) == (kept, back)
        assert_sound(merchant)


def test_a_buyer_who_lets_go_and_pays_at_once_does_one_of_them(
    merchant: int, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        presale = make_deposit(merchant, make_offer(merchant))

    def pay() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return orders.record_payment(
                merchant_id=merchant,
                order_id=presale.order_id,
                payment=orders.NewPayment(
                    external_id="RACE",
                    amount_minor=BALANCE,
                    currency="CNY",
                    paid_at=BALANCE_FROM,
                    provider="till",
                ),
                now=BALANCE_FROM,
            )

    def let_go() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return cancel_presale(
                merchant_id=merchant, presale_id=presale.id, reason="no", now=BALANCE_FROM
            )

    at_once(pay, let_go)

    with tenancy.scope(merchant_id=merchant):
        tell_all(merchant, now=BALANCE_FROM)
        assert again(merchant, presale).state in {"paid", "cancelled"}
        assert_sound(merchant)
