"""Reading orders."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from santong.kernel.errors import NoSuch
from santong.merchants.tests.factories import make_storefront
from santong.orders import public as orders
from santong.orders.models import Order
from santong.orders.tests.factories import (
    PLACED_AT,
    make_new_line,
    make_order,
    make_paid_order,
    make_payment,
    make_promised_order,
    make_shop,
)
from santong.stores import public as stores


def make_store(merchant_id: int, code: str, now: datetime) -> int:
    return stores.open_location(
        merchant_id=merchant_id,
        code=code,
        name="湖滨店",
        kind="store",
        latitude=30.25,
        longitude=120.16,
        now=now,
    ).id


def test_recipients_come_masked(merchant_id: int) -> None:
    make_shop(merchant_id)

    order = make_order(merchant_id, buyer_note="打 13800138000")

    assert order.recipient == orders.MaskedRecipient(
        name="王**", phone="138****8000", address="浙江省杭州市西湖区***"
    )
    assert order.buyer_note == "打 ***********"


def test_orders_come_newest_first_in_pages(merchant_id: int) -> None:
    make_shop(merchant_id)
    made = [make_order(merchant_id).id for _ in range(3)]

    first = orders.orders_page(merchant_id=merchant_id, limit=2)
    second = orders.orders_page(merchant_id=merchant_id, below_id=first[-1].id, limit=2)

    assert [order.id for order in (*first, *second)] == made[::-1]


def test_the_orders_of_a_day_come_newest_first_in_pages(merchant_id: int) -> None:
    make_shop(merchant_id)
    make_order(merchant_id, placed_at=PLACED_AT - timedelta(days=1))
    made = [make_order(merchant_id, placed_at=PLACED_AT).id for _ in range(3)]
    make_order(merchant_id, placed_at=PLACED_AT + timedelta(days=1))

    def page(*, below_id: int | None = None, limit: int = 50) -> list[int]:
        found = orders.orders_page(
            merchant_id=merchant_id,
            placed_from=PLACED_AT,
            placed_until=PLACED_AT + timedelta(days=1),
            below_id=below_id,
            limit=limit,
        )
        return [order.id for order in found]

    assert page() == made[::-1]
    assert page(limit=2) == made[:0:-1]
    assert page(below_id=made[1]) == made[:1]


def test_orders_are_found_by_what_is_known_of_them(merchant_id: int) -> None:
    make_shop(merchant_id)
    outlet = make_storefront(merchant_id, code="outlet")
    plain = make_order(merchant_id)
    paid = make_order(merchant_id, payment=make_payment())
    other = make_order(merchant_id, storefront_code="outlet", external_number="X1")
    late = make_order(merchant_id, placed_at=PLACED_AT + timedelta(days=1))

    def found(**wanted: object) -> list[int]:
        page = orders.orders_page(merchant_id=merchant_id, **wanted)  # type: ignore[arg-type]
        return [order.id for order in page]

    assert found(state="paid") == [paid.id]
    assert found(storefront_id=outlet.id) == [other.id]
    assert found(external_number="X1") == [other.id]
    assert found(placed_from=PLACED_AT + timedelta(days=1)) == [late.id]
    assert found(placed_until=PLACED_AT + timedelta(days=1), state="placed") == [
        other.id,
        plain.id,
    ]


def test_a_phone_is_found_however_it_is_written(merchant_id: int) -> None:
    make_shop(merchant_id)
    order = make_order(merchant_id)

    found = orders.orders_page(merchant_id=merchant_id, phone="+86 138-0013-8000")
    nobody = orders.orders_page(merchant_id=merchant_id, phone="13800138001")

    assert [one.id for one in found] == [order.id]
    assert nobody == []


def test_the_staff_of_a_store_see_what_it_sold_and_what_is_collected_there(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    mine, theirs = make_store(merchant_id, "S1", now), make_store(merchant_id, "S2", now)
    sold = make_order(merchant_id, seller_location_code="S1")
    collected = make_order(merchant_id, mode="pickup", pickup_location_code="S1")
    elsewhere = make_order(merchant_id, seller_location_code="S2")
    make_order(merchant_id)

    seen = orders.orders_page(merchant_id=merchant_id, location_ids=frozenset({mine}))

    assert [order.id for order in seen] == [collected.id, sold.id]
    with pytest.raises(NoSuch):
        orders.order_by_id(
            merchant_id=merchant_id, order_id=elsewhere.id, location_ids=frozenset({mine})
        )
    assert theirs != mine


def test_the_timeline_tells_changes_facts_and_payments_in_order(
    merchant_id: int, now: datetime
) -> None:
    make_shop(merchant_id)
    order = make_promised_order(merchant_id)
    later = now + timedelta(minutes=5)
    orders.record_payment(
        merchant_id=merchant_id,
        order_id=order.id,
        payment=make_payment(external_id="WX1", paid_at=later),
        now=later,
    )

    timeline = orders.timeline_of(merchant_id=merchant_id, order_id=order.id)

    assert [(entry.kind, entry.name) for entry in timeline] == [
        ("change", "orders.placed_by_buyer"),
        ("change", "orders.place"),
        ("fact", "orders.order_placed.v1"),
        ("change", "orders.record_payment"),
        ("fact", "orders.order_paid.v1"),
        ("payment", "payment"),
    ]


def test_orders_as_services_leave_them_break_no_rule(merchant_id: int, now: datetime) -> None:
    make_shop(merchant_id, sku_codes=["COAT-RED-M", "SHIRT"])
    make_order(merchant_id)
    paid = make_paid_order(
        merchant_id, lines=[make_new_line(quantity=3), make_new_line(sku_code="SHIRT")]
    )
    orders.record_progress(
        merchant_id=merchant_id,
        order_id=paid.id,
        line_quantities={paid.lines[0].id: 1},
        kind="shipped",
        now=now,
    )
    orders.cancel_order(merchant_id=merchant_id, order_id=paid.id, reason="asked", now=now)

    assert orders.check_invariants(merchant_id=merchant_id) == []


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ({"goods_minor": 19_901, "total_minor": 19_901}, "sums of its lines"),
        ({"paid_minor": 1}, "sum of its payment events"),
        ({"state": "delivered", "paid_minor": 19_900}, "state is what its lines say"),
        ({"state": "paid", "paid_minor": 19_900}, "in the audit trail"),
    ],
)
def test_a_damaged_order_is_found(merchant_id: int, damage: dict[str, object], rule: str) -> None:
    make_shop(merchant_id)
    order = make_order(merchant_id)
    Order.objects.filter(id=order.id).update(**damage)

    findings = orders.check_invariants(merchant_id=merchant_id)

    assert any(rule in finding.rule and str(order.id) in finding.detail for finding in findings)


def test_the_tables_refuse_what_makes_no_sense(merchant_id: int) -> None:
    make_shop(merchant_id)
    order = make_order(merchant_id)
    line_id = order.lines[0].id

    refused: list[tuple[str, int, str, int | str]] = [
        ("orders_order", order.id, "total_minor", 1),
        ("orders_order", order.id, "refund_due_minor", 1),
        ("orders_order", order.id, "state", "paid"),
        ("orders_order", order.id, "mode", "pickup"),
        ("orders_orderline", line_id, "shipped_quantity", 2),
        ("orders_orderline", line_id, "delivered_quantity", 1),
        ("orders_orderline", line_id, "line_total_minor", 1),
    ]

    for table, row_id, column, value in refused:
        statement = f"UPDATE {table} SET {column} = %s WHERE id = %s"  # noqa: S608  names of ours
        with (
            pytest.raises(IntegrityError, match="violates check constraint"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [value, row_id])
