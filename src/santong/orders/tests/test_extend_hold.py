"""An order waits longer for the rest of its money, with its stock, and keeps what was agreed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.orders import public as orders
from santong.orders.rules.payment import split_of_given_up
from santong.orders.tests.factories import make_payment, make_promised_order, make_shop

TOTAL = 19_900
fen = st.integers(0, 10**9)


def pay(merchant_id: int, order: orders.Order, amount: int, now: datetime) -> orders.Order:
    payment = make_payment(amount_minor=amount)
    return orders.record_payment(
        merchant_id=merchant_id, order_id=order.id, payment=payment, now=now
    )


def extend(merchant_id: int, order: orders.Order, until: datetime, **given: Any) -> orders.Order:
    values: dict[str, Any] = {"forfeit_minor": 0, "reason": "deposit", **given}
    return orders.extend_hold(
        merchant_id=merchant_id, order_id=order.id, hold_until=until, give_up_at=until, **values
    )


def promises(merchant_id: int, order: orders.Order) -> list[tuple[str, datetime | None]]:
    holder = orders.holder_of(order_id=order.id)
    found = inventory.reservations_of(merchant_id=merchant_id, holder=holder)
    return [(each.state, each.expires_at) for each in found]


@given(fen, fen, fen, fen)
def test_what_goes_back_and_what_is_kept_is_what_is_left(
    paid: int, worth: int, settled: int, forfeit: int
) -> None:
    split = split_of_given_up(
        paid_minor=paid, worth_minor=worth, settled_minor=settled, forfeit_minor=forfeit
    )

    assert split.refund_minor + split.kept_minor == max(0, paid - worth - settled)
    assert 0 <= split.kept_minor <= forfeit
    assert split.refund_minor >= 0


def test_waits_with_its_stock_until_another_moment(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    until = now + timedelta(days=5)

    extended = extend(merchant_id, order, until, now=now)
    inventory.expire_due(merchant_id=merchant_id, now=until - timedelta(seconds=1))
    orders.expire_unpaid(merchant_id=merchant_id, now=until - timedelta(seconds=1))

    assert (extended.hold_until, extended.give_up_at) == (until, until)
    assert promises(merchant_id, order) == [("held", until)]
    assert orders.order_by_id(merchant_id=merchant_id, order_id=order.id).state == "placed"
    assert orders.expire_unpaid(merchant_id=merchant_id, now=until) == 1


def test_stock_whose_hold_had_run_out_is_taken_again(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    late = now + timedelta(minutes=31)
    inventory.expire_due(merchant_id=merchant_id, now=late)

    extend(merchant_id, order, late + timedelta(days=1), now=late)

    assert promises(merchant_id, order) == [("held", late + timedelta(days=1))]
    assert inventory.check_invariants(merchant_id=merchant_id, now=late) == []


def test_where_the_stock_is_gone_the_order_waits_all_the_same(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id, on_hand=1)
    late = now + timedelta(minutes=31)
    inventory.expire_due(merchant_id=merchant_id, now=late)
    (gone,) = inventory.reservations_of(
        merchant_id=merchant_id, holder=orders.holder_of(order_id=order.id)
    )
    inventory.adjust(
        merchant_id=merchant_id,
        location_id=gone.location_id,
        sku_id=gone.sku_id,
        delta=-1,
        reason="damaged",
        key="D",
        now=late,
    )

    extend(merchant_id, order, late + timedelta(days=1), now=late)
    paid = pay(merchant_id, order, TOTAL, late)

    assert [state for state, _ in promises(merchant_id, order)] == ["expired"]
    assert paid.state == "paid_without_stock"


def test_given_up_unpaid_it_keeps_what_was_agreed(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    until = now + timedelta(days=1)
    pay(merchant_id, order, 5_000, now)
    extend(merchant_id, order, until, forfeit_minor=3_000, now=now)

    orders.expire_unpaid(merchant_id=merchant_id, now=until)
    late = pay(merchant_id, order, 700, until)

    assert (late.state, late.forfeited_minor, late.refund_due_minor) == ("cancelled", 3_000, 2_700)
    assert orders.check_invariants(merchant_id=merchant_id) == []


def test_cancelled_for_its_buyer_it_keeps_what_the_buyer_agreed_to(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    pay(merchant_id, order, 5_000, now)

    ended = orders.cancel_order(
        merchant_id=merchant_id, order_id=order.id, reason="no", forfeit_minor=8_000, now=now
    )

    assert (ended.forfeited_minor, ended.refund_due_minor) == (5_000, 0)
    assert orders.check_invariants(merchant_id=merchant_id) == []


def test_what_is_paid_or_given_up_waits_for_nothing(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    paid, gone = make_promised_order(merchant_id), make_promised_order(merchant_id)
    pay(merchant_id, paid, TOTAL, now)
    orders.cancel_order(merchant_id=merchant_id, order_id=gone.id, reason="no", now=now)

    for order in (paid, gone):
        with pytest.raises(orders.StatePassed), transaction.atomic():
            extend(merchant_id, order, now + timedelta(days=1), now=now)


@pytest.mark.parametrize(
    ("ahead", "forfeit"), [(timedelta(0), 0), (timedelta(1), -1), (timedelta(1), TOTAL + 1)]
)
def test_nonsense_is_refused(
    merchant_id: int, now: datetime, ahead: timedelta, forfeit: int
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)

    with pytest.raises(FieldInvalid):
        extend(merchant_id, order, now + ahead, forfeit_minor=forfeit, now=now)


def test_extended_and_expired_at_once_a_unit_is_promised_once(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    late = now + timedelta(minutes=31)
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        held = [make_promised_order(merchant, on_hand=1) for _ in range(4)]

    def longer(order: orders.Order) -> Callable[[], Any]:
        def run() -> Any:
            with tenancy.scope(merchant_id=merchant):
                return extend(merchant, order, late + timedelta(days=1), now=late)

        return run

    def expire() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return inventory.expire_due(merchant_id=merchant, now=late)

    at_once(*[longer(order) for order in held], expire, expire)

    with tenancy.scope(merchant_id=merchant):
        assert {state for order in held for state, _ in promises(merchant, order)} == {"held"}
        assert inventory.check_invariants(merchant_id=merchant, now=late) == []
