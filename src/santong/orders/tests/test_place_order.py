"""Taking in an order, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from santong.catalog.tests.factories import make_sku
from santong.kernel import audit, tenancy
from santong.kernel.models import OutboxEvent
from santong.merchants.tests.factories import make_storefront
from santong.orders import public as orders
from santong.orders.models import Order, OrderLine, PaymentEvent
from santong.orders.tests.factories import (
    RECIPIENT,
    make_new_line,
    make_new_order,
    make_payment,
    make_shop,
)
from santong.stores import public as stores

MOST_STATEMENTS = 3


def names_told(merchant_id: int) -> list[str]:
    rows = OutboxEvent.objects.filter(merchant_id=merchant_id, name__startswith="orders.")
    return [
        name.removeprefix("orders.") for name in rows.order_by("id").values_list("name", flat=True)
    ]


def test_freezes_the_prices_as_they_were_given(merchant_id: int, now: datetime) -> None:
    ids = make_shop(merchant_id, sku_codes=["COAT", "SHIRT"])
    new = make_new_order(
        lines=[
            make_new_line(sku_code="COAT", quantity=1, unit_price_minor=100_000),
            make_new_line(
                sku_code="SHIRT", quantity=2, unit_price_minor=30_000, discount_minor=10_000
            ),
        ],
        discount_minor=1_001,
        freight_minor=800,
    )

    order, is_new = orders.place_order(merchant_id=merchant_id, order=new, now=now)

    assert is_new
    assert (order.goods_minor, order.discount_minor, order.total_minor) == (150_000, 1_001, 149_799)
    coat, shirts = order.lines
    assert (coat.sku_id, coat.order_discount_minor, coat.line_total_minor) == (
        ids["COAT"],
        667,
        99_333,
    )
    assert (shirts.quantity, shirts.order_discount_minor, shirts.line_total_minor) == (
        2,
        334,
        49_666,
    )
    assert orders.order_by_id(merchant_id=merchant_id, order_id=order.id) == order


def test_an_unpaid_order_holds_stock_for_half_an_hour(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)

    order, _ = orders.place_order(merchant_id=merchant_id, order=make_new_order(), now=now)

    assert (order.state, order.is_paid) == ("placed", False)
    assert order.hold_until == now + timedelta(minutes=30)
    assert names_told(merchant_id) == ["order_placed.v1"]


def test_a_storefronts_own_policy_says_how_long_stock_is_held(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    orders.set_unpaid_policy(
        merchant_id=merchant_id, storefront_code=None, hold_minutes=60, grace_minutes=0, now=now
    )
    orders.set_unpaid_policy(
        merchant_id=merchant_id,
        storefront_code="flagship",
        hold_minutes=5,
        grace_minutes=1,
        now=now,
    )

    order, _ = orders.place_order(merchant_id=merchant_id, order=make_new_order(), now=now)

    assert order.hold_until == now + timedelta(minutes=5)
    assert Order.objects.get(id=order.id).give_up_at == now + timedelta(minutes=6)


def test_an_order_that_comes_with_its_payment_is_paid(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    payment = make_payment(amount_minor=19_900)

    order, _ = orders.place_order(
        merchant_id=merchant_id, order=make_new_order(payment=payment), now=now
    )

    assert (order.state, order.paid_minor, order.paid_at) == ("paid", 19_900, payment.paid_at)
    assert order.hold_until is None
    assert names_told(merchant_id) == ["order_placed.v1", "payment_told.v1", "order_paid.v1"]
    (recorded,) = orders.payments_of(merchant_id=merchant_id, order_id=order.id)
    assert (recorded.external_id, recorded.amount_minor) == (payment.external_id, 19_900)


def test_what_is_paid_beyond_the_total_is_to_go_back(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)

    order, _ = orders.place_order(
        merchant_id=merchant_id,
        order=make_new_order(payment=make_payment(amount_minor=20_000)),
        now=now,
    )

    assert (order.paid_minor, order.refund_due_minor, order.overpaid_minor) == (20_000, 100, 100)
    kinds = [p.kind for p in orders.payments_of(merchant_id=merchant_id, order_id=order.id)]
    assert kinds == ["payment", "refund_due"]
    assert names_told(merchant_id)[-1] == "refund_owed.v1"


def test_a_part_payment_leaves_the_order_unpaid(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)

    order, _ = orders.place_order(
        merchant_id=merchant_id,
        order=make_new_order(payment=make_payment(amount_minor=100)),
        now=now,
    )

    assert (order.state, order.paid_minor) == ("placed", 100)


def test_a_gift_is_paid_by_nothing(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)

    order, _ = orders.place_order(
        merchant_id=merchant_id, order=make_new_order(discount_minor=19_900), now=now
    )

    assert (order.state, order.total_minor) == ("paid", 0)
    assert orders.payments_of(merchant_id=merchant_id, order_id=order.id) == []


def test_the_same_number_again_is_the_same_order(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)
    new = make_new_order()
    first, _ = orders.place_order(merchant_id=merchant_id, order=new, now=now)

    again, is_new = orders.place_order(
        merchant_id=merchant_id, order=new, now=now + timedelta(hours=1)
    )

    assert (again, is_new) == (first, False)
    assert names_told(merchant_id) == ["order_placed.v1"]


def test_the_same_number_at_another_storefront_is_another_order(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    make_storefront(merchant_id, code="outlet")
    new = make_new_order()
    first, _ = orders.place_order(merchant_id=merchant_id, order=new, now=now)

    other, is_new = orders.place_order(
        merchant_id=merchant_id, order=replace(new, storefront_code="outlet"), now=now
    )

    assert is_new
    assert other.id != first.id


def test_the_same_number_with_other_content_names_what_differs(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    stores.open_location(
        merchant_id=merchant_id,
        code="S1",
        name="湖滨店",
        kind="store",
        latitude=30.25,
        longitude=120.16,
        now=now,
    )
    new = make_new_order(seller_location_code="S1", guide_code="G7", buyer_note="放门口")
    first, _ = orders.place_order(merchant_id=merchant_id, order=new, now=now)
    changed = replace(
        new,
        lines=(make_new_line(quantity=2),),
        recipient=replace(RECIPIENT, phone="13900139000"),
    )

    with pytest.raises(orders.ExternalNumberTaken) as refused:
        orders.place_order(merchant_id=merchant_id, order=changed, now=now)

    assert refused.value.order_id == str(first.id)
    assert refused.value.differing == ("/recipient/phone", "/lines/0/quantity")
    assert "13900139000" not in str(refused.value)


def test_sent_again_with_its_payment_the_payment_is_recorded(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    new = make_new_order()
    orders.place_order(merchant_id=merchant_id, order=new, now=now)
    with_payment = replace(new, payment=make_payment(amount_minor=100))

    orders.place_order(merchant_id=merchant_id, order=with_payment, now=now)
    again, is_new = orders.place_order(merchant_id=merchant_id, order=with_payment, now=now)

    assert (again.paid_minor, is_new) == (100, False)


def test_every_unknown_code_is_named_at_once(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id, sku_codes=["COAT"])
    new = make_new_order(
        storefront_code="nowhere",
        lines=[make_new_line(sku_code=code) for code in ("HAT", "COAT", "GLOVE")],
        seller_location_code="S9",
        freight_minor=-1,
    )

    with pytest.raises(orders.InvalidOrder) as refused, transaction.atomic():
        orders.place_order(merchant_id=merchant_id, order=new, now=now)

    assert {(problem.pointer, problem.reason) for problem in refused.value.errors} == {
        ("/freight_minor", "below_zero"),
        ("/storefront_code", "unknown"),
        ("/lines/0/sku_code", "unknown"),
        ("/lines/2/sku_code", "unknown"),
        ("/seller_location_code", "unknown"),
    }
    assert not Order.objects.of_merchant(merchant_id).exists()


def test_a_code_that_no_column_takes_is_refused_before_anything_is_read(
    merchant_id: int, now: datetime
) -> None:
    new = make_new_order(
        storefront_code="a\x00b", lines=[make_new_line(sku_code="\ud83d")], guide_code="x\x00"
    )

    with pytest.raises(orders.InvalidOrder) as refused:
        orders.place_order(merchant_id=merchant_id, order=new, now=now)

    reasons = {problem.reason for problem in refused.value.errors}
    assert reasons == {"nul_or_half_a_character"}


def test_coordinates_are_kept_to_about_a_hundred_metres(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)

    order, _ = orders.place_order(merchant_id=merchant_id, order=make_new_order(), now=now)

    assert (order.latitude, order.longitude) == (30.274, 120.155)


def test_the_trail_says_who_placed_the_order(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id)

    order, _ = orders.place_order(merchant_id=merchant_id, order=make_new_order(), now=now)

    (entry,) = audit.trail_of(merchant_id=merchant_id, subject="order", subject_ids=[order.id])
    assert (entry.action, entry.actor_kind) == ("orders.place", "system")
    assert entry.after == {"state": "placed", "total_minor": 19_900}


def test_placing_an_order_takes_three_statements(merchant: int, now: datetime) -> None:
    lines = [make_new_line(sku_code="COAT"), make_new_line(sku_code="SHIRT")]
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant, sku_codes=["COAT", "SHIRT"])
    with tenancy.scope(merchant_id=merchant):
        orders.place_order(merchant_id=merchant, order=make_new_order(lines=lines), now=now)
    new = make_new_order(lines=lines, payment=make_payment(amount_minor=39_800))

    with tenancy.scope(merchant_id=merchant), CaptureQueriesContext(connection) as caught:
        orders.place_order(merchant_id=merchant, order=new, now=now)

    assert len(caught) == MOST_STATEMENTS, [query["sql"][:80] for query in caught]


def test_fifty_at_once_with_one_number_are_one_order(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
    new = make_new_order(payment=make_payment(amount_minor=19_900))

    def place() -> tuple[orders.Order, bool]:
        with tenancy.scope(merchant_id=merchant):
            return orders.place_order(merchant_id=merchant, order=new, now=now)

    answers = at_once(*[place] * 50)

    placed = [answer[0] for answer in answers]
    assert len({order.id for order in placed}) == 1
    assert all(order == placed[0] for order in placed)
    assert sum(answer[1] for answer in answers) == 1
    with tenancy.scope(merchant_id=merchant):
        assert OrderLine.objects.of_merchant(merchant).count() == 1
        assert PaymentEvent.objects.of_merchant(merchant).count() == 1
        assert names_told(merchant) == ["order_placed.v1", "payment_told.v1", "order_paid.v1"]


def test_two_contents_at_once_under_one_number_are_one_order_and_refusals(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
    new = make_new_order()
    other = replace(new, freight_minor=500)

    def place(order: orders.NewOrder) -> orders.Order:
        with tenancy.scope(merchant_id=merchant):
            return orders.place_order(merchant_id=merchant, order=order, now=now)[0]

    answers = at_once(*[lambda: place(new), lambda: place(other)] * 10)

    refused = [answer for answer in answers if isinstance(answer, orders.ExternalNumberTaken)]
    assert len(refused) == 10
    assert all(refusal.differing == ("/freight_minor",) for refusal in refused)
    with tenancy.scope(merchant_id=merchant):
        assert Order.objects.of_merchant(merchant).count() == 1


def test_a_sku_of_another_merchant_is_unknown(
    new_merchant: Callable[..., int], now: datetime
) -> None:
    ours, theirs = new_merchant(), new_merchant()
    with tenancy.scope(merchant_id=theirs):
        make_sku(merchant_id=theirs, code="THEIRS")
    with tenancy.scope(merchant_id=ours):
        make_shop(ours)

    with tenancy.scope(merchant_id=ours), pytest.raises(orders.InvalidOrder) as refused:
        orders.place_order(
            merchant_id=ours,
            order=make_new_order(lines=[make_new_line(sku_code="THEIRS")]),
            now=now,
        )

    assert refused.value.errors == (orders.Problem(pointer="/lines/0/sku_code", reason="unknown"),)
