"""A small merchant with places, goods and stock, and an order on its way through them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime

from santong.catalog.tests.factories import make_sku
from santong.fulfilment import public as fulfilment
from santong.inventory.tests.factories import Place, put
from santong.kernel import cells, relay
from santong.merchants.tests.factories import make_storefront
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stores import public as stores

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
SHANGHAI = (31.23, 121.47)
HANGZHOU = (30.27, 120.16)
BEIJING = (39.90, 116.40)

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class World:
    """Three places, nearest to farthest from a buyer in Shanghai, and one SKU."""

    merchant_id: int
    near: int
    middle: int
    far: int
    sku_code: str
    sku_id: int
    storefront_code: str

    def put(self, location_id: int, quantity: int) -> None:
        put(
            merchant_id=self.merchant_id,
            place=Place(location_id=location_id, sku_id=self.sku_id),
            quantity=quantity,
        )


def make_world(merchant_id: int, *, near: int = 0, middle: int = 0, far: int = 0) -> World:
    """Build it, with so many units at each place."""
    sku = make_sku(merchant_id=merchant_id)
    made = World(
        merchant_id=merchant_id,
        near=_open(merchant_id, "上海店", SHANGHAI),
        middle=_open(merchant_id, "杭州店", HANGZHOU),
        far=_open(merchant_id, "北京店", BEIJING),
        sku_code=sku.code,
        sku_id=sku.id,
        storefront_code=make_storefront(merchant_id).code,
    )
    for location_id, quantity in ((made.near, near), (made.middle, middle), (made.far, far)):
        made.put(location_id, quantity)
    return made


def new_order(
    world: World,
    *,
    quantity: int = 1,
    lines: int = 1,
    number: str = "",
    is_paid: bool = True,
    pickup_at: int | None = None,
    now: datetime = NOW,
) -> orders.NewOrder:
    """An order of a buyer in Shanghai; every line asks for the same SKU."""
    external_number = number or f"T{next(_numbers)}"
    total = 10_000 * quantity * lines
    places = stores.locations_by_id(
        merchant_id=world.merchant_id, location_ids=[pickup_at] if pickup_at else []
    )
    return orders.NewOrder(
        storefront_code=world.storefront_code,
        external_number=external_number,
        placed_at=now,
        currency="CNY",
        lines=tuple(
            orders.NewLine(sku_code=world.sku_code, quantity=quantity, unit_price_minor=10_000)
            for _ in range(lines)
        ),
        recipient=orders.Recipient(
            name="钱小满",
            phone="19900001111",
            country="CN",
            province="上海市",
            city="上海市",
            district="黄浦区",
            address="测试路 1 号",
            latitude=SHANGHAI[0],
            longitude=SHANGHAI[1],
        ),
        mode="pickup" if pickup_at else "ship",
        pickup_location_code=places[pickup_at].code if pickup_at else None,
        payment=orders.NewPayment(
            external_id=f"pay-{external_number}",
            amount_minor=total,
            currency="CNY",
            paid_at=now,
        )
        if is_paid
        else None,
    )


def promise(world: World, order: orders.NewOrder, *, now: datetime = NOW) -> orders.Order:
    """Place and promise."""
    placed, _ = routing.promise_order(merchant_id=world.merchant_id, order=order, now=now)
    return placed


def begun(world: World, order: orders.Order) -> list[fulfilment.FulfilmentOrder]:
    """The work on an order, begun as the relay would."""
    return fulfilment.start_order(merchant_id=world.merchant_id, order_id=order.id, now=NOW)


def tell_all() -> None:
    """Let every fact of the main cell reach its subscribers."""
    for cell in cells.all_cells():
        relay.drain(cell=cell, wait_seconds=20)


def _open(merchant_id: int, name: str, point: tuple[float, float]) -> int:
    return stores.open_location(
        merchant_id=merchant_id,
        code=f"P{next(_numbers)}",
        name=name,
        kind="store",
        latitude=point[0],
        longitude=point[1],
        parcel_cost_minor=600,
        now=NOW,
    ).id
