"""Questions and answers of sourcing, and a small merchant to ask them of.

Each is made from what the test is about.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from hypothesis import HealthCheck, settings

from santong.catalog.tests.factories import make_sku
from santong.inventory.tests.factories import Place, put
from santong.merchants.tests.factories import make_storefront
from santong.orders import public as orders
from santong.routing import public as routing
from santong.routing.contracts import Candidate, Choice, DemandLine, Shelf, SourcingInput, Tariff
from santong.stores import public as stores

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
SHANGHAI = (31.23, 121.47)
HANGZHOU = (30.27, 120.16)
BEIJING = (39.90, 116.40)

# A busy machine is not a failure: what is promised here is answers, not seconds.
patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

PLENTY = 100
SHIRT, TROUSERS, SCARF = 501, 502, 503

_numbers = itertools.count(1)

# A parcel 8 yuan, each kilometre 1 fen, a failure 5 yuan.
TARIFF = Tariff(parcel_micro_per_km=1_000_000, reroute_cost_milli=500_000)


def make_lines(quantity_by_sku: Mapping[int, int]) -> tuple[DemandLine, ...]:
    return tuple(
        DemandLine(
            line_id=position + 1,
            sku_id=sku_id,
            quantity=quantity,
            weight_grams=400,
            value_minor=10_000,
        )
        for position, (sku_id, quantity) in enumerate(quantity_by_sku.items())
    )


def make_shelves(atp_by_sku: Mapping[int, int], **worth: int) -> tuple[Shelf, ...]:
    return tuple(
        Shelf(sku_id=sku_id, atp=atp, **worth) for sku_id, atp in atp_by_sku.items() if atp
    )


def make_candidate(location_id: int, *, km: int = 10, **known: Any) -> Candidate:
    """A place that holds plenty of a shirt, unless told otherwise."""
    facts: dict[str, Any] = {
        "shelves": make_shelves({SHIRT: PLENTY}),
        "parcel_cost_milli": 800_000,
        "arrives_in_minutes": 1_440,
    }
    return Candidate(location_id=location_id, distance_metres=km * 1_000, **(facts | known))


def make_sourcing(*candidates: Candidate, **asked: Any) -> SourcingInput:
    """One shirt asked of these candidates, unless told otherwise."""
    facts: dict[str, Any] = {"lines": make_lines({SHIRT: 1}), "tariff": TARIFF}
    return SourcingInput(candidates=candidates, **(facts | asked))


def sent(choice: Choice) -> dict[int, dict[int, int]]:
    """By location what it sends of each line."""
    return {
        parcel.location_id: {portion.line_id: portion.quantity for portion in parcel.portions}
        for parcel in choice.parcels
    }


def senders(choice: Choice) -> Sequence[int]:
    return [parcel.location_id for parcel in choice.parcels]


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
