"""Orders for tests: name what the test is about, the rest is invented."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from santong.catalog.tests.factories import make_sku
from santong.inventory import public as inventory
from santong.inventory.tests.factories import make_level
from santong.merchants.tests.factories import make_storefront
from santong.orders import public as orders

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
PLACED_AT = datetime(2026, 11, 11, 7, 20, tzinfo=UTC)
RECIPIENT = orders.Recipient(
    name="王小明",
    phone="13800138000",
    province="浙江省",
    city="杭州市",
    district="西湖区",
    address="文三路 90 号 3 幢 1201 室",
    postcode="310012",
    latitude=30.27415,
    longitude=120.15515,
)

_numbers = itertools.count(1)


def make_shop(merchant_id: int, *, sku_codes: Sequence[str] = ("COAT-RED-M",)) -> dict[str, int]:
    """A flagship storefront that sells some SKUs; gives their ids by code."""
    make_storefront(merchant_id, code="flagship")
    return {code: make_sku(merchant_id=merchant_id, code=code).id for code in sku_codes}


def make_new_line(*, sku_code: str = "COAT-RED-M", **given: Any) -> orders.NewLine:
    """One coat for 199 yuan."""
    return orders.NewLine(
        **{"sku_code": sku_code, "quantity": 1, "unit_price_minor": 19_900, **given}
    )


def make_new_order(
    *, lines: Sequence[orders.NewLine] | None = None, **given: Any
) -> orders.NewOrder:
    """An order as the flagship storefront hands it in, unpaid, under a number of its own."""
    values: dict[str, Any] = {
        "storefront_code": "flagship",
        "external_number": f"SN{next(_numbers):08}",
        "placed_at": PLACED_AT,
        "currency": "CNY",
        "lines": tuple(lines) if lines is not None else (make_new_line(),),
        "recipient": RECIPIENT,
    }
    return orders.NewOrder(**{**values, **given})


def make_payment(*, amount_minor: int = 19_900, **given: Any) -> orders.NewPayment:
    """Money by a wallet, under a number of its own."""
    values: dict[str, Any] = {
        "external_id": f"PAY{next(_numbers):08}",
        "provider": "wallet",
        "amount_minor": amount_minor,
        "currency": "CNY",
        "paid_at": PLACED_AT,
    }
    return orders.NewPayment(**{**values, **given})


def paid(order: orders.NewOrder, *, amount_minor: int) -> orders.NewOrder:
    """The same order with its payment."""
    return replace(order, payment=make_payment(amount_minor=amount_minor))


def make_order(merchant_id: int, **given: Any) -> orders.Order:
    """An order that a channel has handed in."""
    placed, _ = orders.place_order(merchant_id=merchant_id, order=make_new_order(**given), now=NOW)
    return placed


def make_promised_order(merchant_id: int, *, on_hand: int = 10, **given: Any) -> orders.Order:
    """An order whose lines are promised from one place each, until its hold ends if unpaid.

    The storefront and the SKUs are there already.
    """
    order = make_order(merchant_id, **given)
    lines = []
    for line in order.lines:
        level = make_level(merchant_id=merchant_id, on_hand=on_hand, sku_id=line.sku_id)
        lines.append(
            inventory.ReserveLine(
                location_id=level.location_id,
                sku_id=line.sku_id,
                quantity=line.quantity,
                line_id=line.id,
            )
        )
    inventory.reserve(
        merchant_id=merchant_id,
        holder=orders.holder_of(order_id=order.id),
        lines=lines,
        expires_at=order.hold_until,
        now=NOW,
    )
    return order


def make_paid_order(merchant_id: int, **given: Any) -> orders.Order:
    """A promised order with all its money in."""
    unpaid = make_new_order(**given)
    total = sum(line.quantity * line.unit_price_minor for line in unpaid.lines)
    return make_promised_order(merchant_id, payment=make_payment(amount_minor=total), **given)


def make_order_line(**given: Any) -> orders.OrderLine:
    """Two units at 100 yuan, nothing shipped."""
    values: dict[str, Any] = {
        "id": next(_numbers),
        "number": 1,
        "sku_id": 1,
        "sku_code": "COAT-RED-M",
        "sku_name": "大衣 红 M",
        "quantity": 2,
        "unit_price_minor": 10_000,
        "discount_minor": 0,
        "order_discount_minor": 0,
        "line_total_minor": 20_000,
    }
    return orders.OrderLine(**{**values, **given})
