"""The world in which published orders are placed again: places, goods, opening stock, orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import groupby
from math import ceil
from random import Random
from typing import Literal

from santong.simulation.rules.olist.tables import Address, OlistData, Order, OrderLine, Point
from santong.simulation.rules.places import city_named, metres_between
from santong.simulation.rules.published.tally import Reason, Tally

# Where a group of this size would keep regional warehouses; the gazetteer says where that is.
WAREHOUSE_CITIES = ("São Paulo", "Belo Horizonte", "Curitiba", "Recife", "Brasília")


@dataclass(frozen=True, slots=True)
class StockRule:
    """How opening stock is made of what was really sold. Counts are pieces; shares are percent.

    Each product gets the pieces that were sold of it and a spare share, but a scarce one gets
    fewer than were sold. The first piece lies at the real seller; every further one lies there,
    at a regional warehouse (the more orders live near it, the likelier) or at another seller of
    the same category, by the shares.
    """

    seed: int = 20170904
    spare_percent: int = 25
    scarce_products_percent: int = 15
    scarce_percent: int = 70
    at_warehouses_percent: int = 25
    at_other_sellers_percent: int = 15


@dataclass(frozen=True, slots=True)
class Place:
    """A seller as a store, or a regional warehouse."""

    code: str
    name: str
    kind: Literal["store", "warehouse"]
    point: Point
    city: str
    state: str


@dataclass(frozen=True, slots=True)
class Good:
    code: str
    category: str
    weight_grams: int
    length_mm: int
    width_mm: int
    height_mm: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class WantedLine:
    """So many pieces of one product, bought from one seller at one price."""

    good: str
    seller: str
    quantity: int
    unit_price_minor: int
    freight_minor: int


@dataclass(frozen=True, slots=True)
class WantedOrder:
    """One order to be placed again, at the instant it was really placed."""

    number: str
    placed_at: datetime
    buyer: str
    point: Point
    address: Address
    lines: tuple[WantedLine, ...]
    method: str
    paid_minor: int
    paid_at: datetime | None
    delivered_at: datetime | None
    promised_on: date

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


@dataclass(frozen=True, slots=True)
class World:
    places: Mapping[str, Place]
    goods: Mapping[str, Good]
    stock: Mapping[tuple[str, str], int]  # (place, good) -> pieces
    orders: tuple[WantedOrder, ...]
    rule: StockRule


def wanted_orders(data: OlistData, *, tally: Tally) -> tuple[WantedOrder, ...]:
    """The orders that can be placed again, in time order; those without lines are put aside."""
    wanted: list[WantedOrder] = []
    for order in data.orders.values():
        reason = _why_not(order, data)
        if reason is None:
            wanted.append(_wanted(order, data))
        else:
            tally.put_aside(file="orders", line=order.line, field="order_id", reason=reason)
    return tuple(sorted(wanted, key=lambda order: (order.placed_at, order.number)))


def built_world(data: OlistData, *, orders: tuple[WantedOrder, ...], rule: StockRule) -> World:
    """Every seller a store at its real place, five regional warehouses, stock by the rule."""
    places = {place.code: place for place in (*_warehouses(), *_stores(data))}
    goods = _goods(data, orders=orders)
    return World(
        places=places,
        goods=goods,
        stock=_opening_stock(orders, goods=goods, places=places, rule=rule),
        orders=orders,
        rule=rule,
    )


def sold_once_share(*, world: World) -> float:
    """The share of the products of which a single piece was sold."""
    sold: Counter[str] = Counter()
    for order in world.orders:
        for line in order.lines:
            sold[line.good] += line.quantity
    return sum(pieces == 1 for pieces in sold.values()) / max(len(sold), 1)


def metres_to(*, place: Place, point: Point) -> int:
    """How far a parcel from this place travels to a buyer."""
    return metres_between(
        latitude=place.point.latitude,
        longitude=place.point.longitude,
        other_latitude=point.latitude,
        other_longitude=point.longitude,
    )


def _why_not(order: Order, data: OlistData) -> Reason | None:
    if order.order_id not in data.lines_by_order:
        return Reason.NO_LINES
    if order.order_id not in data.payments_by_order:
        return Reason.NO_PAYMENT
    return None


def _wanted(order: Order, data: OlistData) -> WantedOrder:
    customer = data.customers[order.customer_id]
    payments = data.payments_by_order[order.order_id]
    return WantedOrder(
        number=order.order_id,
        placed_at=order.purchased_at.astimezone(UTC),
        buyer=customer.person_id,
        point=data.points[customer.address.prefix],
        address=customer.address,
        lines=_wanted_lines(data.lines_by_order[order.order_id]),
        method=max(payments, key=lambda payment: (payment.amount_minor, payment.method)).method,
        paid_minor=sum(payment.amount_minor for payment in payments),
        paid_at=order.approved_at.astimezone(UTC) if order.approved_at else None,
        delivered_at=order.delivered_at.astimezone(UTC) if order.delivered_at else None,
        promised_on=order.promised_on,
    )


def _wanted_lines(lines: Sequence[OrderLine]) -> tuple[WantedLine, ...]:
    def alike(line: OrderLine) -> tuple[str, str, int]:
        return line.product_id, line.seller_id, line.price_minor

    grouped = [list(group) for _, group in groupby(sorted(lines, key=alike), key=alike)]
    return tuple(
        WantedLine(
            good=group[0].product_id,
            seller=group[0].seller_id,
            quantity=len(group),
            unit_price_minor=group[0].price_minor,
            freight_minor=sum(line.freight_minor for line in group),
        )
        for group in grouped
    )


def _warehouses() -> list[Place]:
    cities = [city_named(name, country="BR") for name in WAREHOUSE_CITIES]
    return [
        Place(
            code=f"warehouse-{number}",
            name=f"{city.name} warehouse",
            kind="warehouse",
            point=Point(latitude=city.latitude, longitude=city.longitude),
            city=city.name,
            state="",
        )
        for number, city in enumerate(cities, start=1)
    ]


def _stores(data: OlistData) -> list[Place]:
    return [
        Place(
            code=seller.seller_id,
            name=f"{seller.address.city} {seller.seller_id[:6]}",
            kind="store",
            point=data.points[seller.address.prefix],
            city=seller.address.city,
            state=seller.address.state,
        )
        for seller in data.sellers.values()
    ]


def _goods(data: OlistData, *, orders: Iterable[WantedOrder]) -> dict[str, Good]:
    price_by_good = {line.good: line.unit_price_minor for order in orders for line in order.lines}
    return {
        code: Good(
            code=code,
            category=data.products[code].category,
            weight_grams=data.products[code].weight_grams,
            length_mm=data.products[code].length_mm,
            width_mm=data.products[code].width_mm,
            height_mm=data.products[code].height_mm,
            price_minor=price_minor,
        )
        for code, price_minor in sorted(price_by_good.items())
    }


def _opening_stock(
    orders: Sequence[WantedOrder],
    *,
    goods: Mapping[str, Good],
    places: Mapping[str, Place],
    rule: StockRule,
) -> dict[tuple[str, str], int]:
    random = Random(rule.seed)
    sold = _sold(orders)
    sellers_by_category = _sellers_by_category(sold, goods)
    warehouses = [code for code, place in places.items() if place.kind == "warehouse"]
    pull = _orders_near(orders, [places[code] for code in warehouses])
    stock: Counter[tuple[str, str]] = Counter()
    for good, pieces_by_seller in sorted(sold.items()):
        mains = [seller for seller, pieces in sorted(pieces_by_seller.items()) if pieces]
        pieces = _pieces(pieces_by_seller.total(), random=random, rule=rule)
        for number in range(max(pieces, len(mains))):
            if number < len(mains):
                place = mains[number]
            else:
                place = _drawn_place(
                    mains=mains,
                    mates=sellers_by_category[goods[good].category],
                    warehouses=warehouses,
                    pull=pull,
                    random=random,
                    rule=rule,
                )
            stock[place, good] += 1
    return dict(stock)


def _sold(orders: Iterable[WantedOrder]) -> dict[str, Counter[str]]:
    sold: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for order in orders:
        for line in order.lines:
            sold[line.good][line.seller] += line.quantity
    return sold


def _sellers_by_category(
    sold: Mapping[str, Counter[str]], goods: Mapping[str, Good]
) -> dict[str, list[str]]:
    sellers: defaultdict[str, set[str]] = defaultdict(set)
    for good, pieces_by_seller in sold.items():
        sellers[goods[good].category].update(pieces_by_seller)
    return {category: sorted(members) for category, members in sellers.items()}


def _orders_near(orders: Iterable[WantedOrder], warehouses: Sequence[Place]) -> list[int]:
    """For each warehouse, how many orders have it as their nearest, and one."""
    near = [1] * len(warehouses)
    for order in orders:
        metres = [metres_to(place=warehouse, point=order.point) for warehouse in warehouses]
        near[metres.index(min(metres))] += 1
    return near


def _pieces(sold: int, *, random: Random, rule: StockRule) -> int:
    is_scarce = random.randrange(100) < rule.scarce_products_percent
    if is_scarce:
        return max(1, sold * rule.scarce_percent // 100)
    return sold + ceil(sold * rule.spare_percent / 100)


def _drawn_place(
    *,
    mains: Sequence[str],
    mates: Sequence[str],
    warehouses: Sequence[str],
    pull: Sequence[int],
    random: Random,
    rule: StockRule,
) -> str:
    draw = random.randrange(100)
    if draw < rule.at_warehouses_percent:
        return random.choices(warehouses, weights=pull)[0]
    if draw < rule.at_warehouses_percent + rule.at_other_sellers_percent:
        return random.choice(mates)
    return random.choice(mains)
