"""A week of the demo merchant's orders: who buys what, where, when, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from santong.kernel.money import spread
from santong.simulation.rules.demo import words
from santong.simulation.rules.demo.gazetteer import ChineseCity, chinese_cities, point_near
from santong.simulation.rules.demo.people import home_address, mobile_number, person_name
from santong.simulation.rules.demo.shape import (
    TIMEZONE,
    Destiny,
    Line,
    Mode,
    Order,
    Payment,
    PaymentMethod,
    Place,
    Recipient,
    Sku,
    Staff,
    Storefront,
    StorefrontKind,
    Style,
)

WEEK_HOURS = 7 * 24
# Orders by hour of the local day, midnight first: lunch, the afternoon's end, ten at night.
HOUR_PROFILE = (
    14, 7, 4, 2, 2, 3, 8, 18, 30, 46, 58, 56, 54, 52, 50, 50, 48, 46, 48, 58, 72, 80, 68, 36,
)  # fmt: skip
WEEKDAY_PROFILE = (92, 90, 92, 96, 108, 124, 120)
SHARE_BY_STOREFRONT_KIND: Mapping[StorefrontKind, int] = {
    "marketplace": 27,  # each of two, one for each brand
    "h5": 12,
    "mini_programme": 12,
    "kiosk": 10,
}
LINES_PROFILE = (68, 22, 7, 3)  # orders of one, two, three, four lines
TWO_PIECES_PERCENT = 5
PICKUP_PERCENT: Mapping[StorefrontKind, int] = {
    "marketplace": 0,
    "h5": 30,
    "mini_programme": 40,
    "kiosk": 15,
}
SPEND_FOR_DISCOUNT_MINOR, DISCOUNT_MINOR = 50_000, 6_000
DISCOUNTED_PERCENT = 60
FREE_FREIGHT_FROM_MINOR, FREIGHT_MINOR = 19_900, 1_000
UNPAID_PERCENT, CANCELLED_PERCENT = 4, 3
NOTE_PERCENT = 8
PICKUP_PIECES_MIN = 2
BUYER_RADIUS_METRES = 15_000
KIOSK_RADIUS_METRES = 6_000


class Progress(NamedTuple):
    """What an order of that age, in hours, may have become, and how often."""

    younger_than: int
    destinies: tuple[Destiny, ...]
    weights: tuple[int, ...]


SHIP_PROGRESS = (
    Progress(3, ("offered", "accepted", "declined_once", "picking"), (45, 30, 10, 15)),
    Progress(12, ("accepted", "picking", "packed", "declined_once", "handed_over"),
             (15, 20, 25, 10, 30)),
    Progress(36, ("packed", "handed_over", "declined_once"), (10, 82, 8)),
    Progress(72, ("handed_over", "delivered"), (45, 55)),
    Progress(WEEK_HOURS + 1, ("delivered", "handed_over"), (94, 6)),
)  # fmt: skip
PICKUP_PROGRESS = (
    Progress(2, ("offered", "accepted", "picking"), (40, 35, 25)),
    Progress(24, ("ready_for_pickup", "collected", "declined_once"), (60, 35, 5)),
    Progress(WEEK_HOURS + 1, ("collected", "ready_for_pickup"), (85, 15)),
)


def week_of_orders(
    *,
    storefronts: Sequence[Storefront],
    stores: Sequence[Place],
    styles: Sequence[Style],
    staff: Sequence[Staff],
    stock: Mapping[tuple[str, str], int],
    seed: int,
    ends_at: datetime,
    count: int,
) -> tuple[Order, ...]:
    """So many orders placed in the seven days before `ends_at`, in time order.

    Buyers who will collect at a store choose from what it holds.
    """
    market = _Market(
        storefronts=storefronts,
        storefront_weights=[SHARE_BY_STOREFRONT_KIND[shop.kind] for shop in storefronts],
        stores=stores,
        styles=styles,
        clerks=_clerks_by_place(staff),
        held=_held_by_place(stock),
        cities=chinese_cities(),
        city_weights=[city.weight for city in chinese_cities()],
        ends_at=ends_at,
    )
    moments = _moments(count, ends_at=ends_at, random=Random(f"{seed}/moments"))
    return tuple(
        _order(market, placed_at, number=number, random=Random(f"{seed}/order/{number}"))
        for number, placed_at in enumerate(moments, start=1)
    )


@dataclass(frozen=True, slots=True)
class _Market:
    storefronts: Sequence[Storefront]
    storefront_weights: Sequence[int]
    stores: Sequence[Place]
    styles: Sequence[Style]
    clerks: Mapping[str, Sequence[str]]
    held: Mapping[str, AbstractSet[str]]
    cities: Sequence[ChineseCity]
    city_weights: Sequence[int]
    ends_at: datetime


class _Way(NamedTuple):
    """How the goods reach the buyer, and who sold them."""

    mode: Mode
    pickup_place: str | None
    seller_place: str | None
    guide: str | None
    recipient: Recipient


def _clerks_by_place(staff: Sequence[Staff]) -> dict[str, list[str]]:
    clerks: dict[str, list[str]] = {}
    for person in staff:
        if person.role == "clerk":
            clerks.setdefault(person.places[0], []).append(person.username)
    return clerks


def _held_by_place(stock: Mapping[tuple[str, str], int]) -> dict[str, set[str]]:
    held: dict[str, set[str]] = {}
    for (place, sku), pieces in stock.items():
        if pieces >= PICKUP_PIECES_MIN:
            held.setdefault(place, set()).add(sku)
    return held


def _moments(count: int, *, ends_at: datetime, random: Random) -> list[datetime]:
    zone = ZoneInfo(TIMEZONE)
    starts = [ends_at - timedelta(hours=hours) for hours in range(WEEK_HOURS, 0, -1)]
    weights = [
        HOUR_PROFILE[local.hour] * WEEKDAY_PROFILE[local.weekday()]
        for local in (start.astimezone(zone) for start in starts)
    ]
    chosen = random.choices(starts, weights=weights, k=count)
    moments = [start + timedelta(seconds=random.randrange(3_600)) for start in chosen]
    return sorted(moment.astimezone(UTC) for moment in moments)


def _order(market: _Market, placed_at: datetime, *, number: int, random: Random) -> Order:
    shop = random.choices(market.storefronts, weights=market.storefront_weights)[0]
    brand = shop.brand or random.choice(market.stores).brand
    way = _way(market, shop, brand, random=random)
    lines, discount_minor = _lines(market, brand, way.pickup_place, random=random)
    goods_minor = sum(line.unit_price_minor * line.quantity for line in lines)
    freight_minor = _freight(goods_minor - discount_minor, way.mode)
    hours = (market.ends_at - placed_at) / timedelta(hours=1)
    destiny = _destiny(hours, way.mode, random=random)
    return Order(
        storefront=shop.code,
        number=f"{placed_at:%y%m%d}{number:06d}",
        placed_at=placed_at,
        lines=lines,
        freight_minor=freight_minor,
        discount_minor=discount_minor,
        recipient=way.recipient,
        mode=way.mode,
        pickup_place=way.pickup_place,
        seller_place=way.seller_place,
        guide=way.guide,
        buyer_note=random.choice(words.NOTES) if random.randrange(100) < NOTE_PERCENT else "",
        payment=None
        if destiny == "unpaid"
        else _payment(
            number,
            placed_at,
            amount_minor=goods_minor - discount_minor + freight_minor,
            ends_at=market.ends_at,
            random=random,
        ),
        destiny=destiny,
    )


def _way(market: _Market, shop: Storefront, brand: str | None, *, random: Random) -> _Way:
    own = [store for store in market.stores if store.brand == brand]
    is_pickup = random.randrange(100) < PICKUP_PERCENT[shop.kind]
    if shop.kind == "kiosk":
        store = random.choice(own)
        is_pickup = is_pickup and store.code in market.held
        city = _city_of(market, store)
        return _Way(
            mode="pickup" if is_pickup else "ship",
            pickup_place=store.code if is_pickup else None,
            seller_place=store.code,
            guide=random.choice(market.clerks[store.code]),
            recipient=_recipient(city, shop, KIOSK_RADIUS_METRES, random=random),
        )
    city = random.choices(market.cities, weights=market.city_weights)[0]
    near = [store for store in own if store.city == city.name and market.held.get(store.code)]
    pickup = random.choice(near) if is_pickup and near else None
    return _Way(
        mode="pickup" if pickup else "ship",
        pickup_place=pickup.code if pickup else None,
        seller_place=None,
        guide=None,
        recipient=_recipient(city, shop, BUYER_RADIUS_METRES, random=random),
    )


def _city_of(market: _Market, store: Place) -> ChineseCity:
    return next(city for city in market.cities if city.name == store.city)


def _recipient(
    city: ChineseCity, shop: Storefront, within_metres: int, *, random: Random
) -> Recipient:
    latitude, longitude = point_near(city, random=random, within_metres=within_metres)
    knows_where = shop.kind != "marketplace"
    return Recipient(
        name=person_name(random),
        phone=mobile_number(random),
        province=city.province,
        city=city.name,
        district=random.choice(city.districts),
        address=home_address(random),
        latitude=latitude if knows_where else None,
        longitude=longitude if knows_where else None,
    )


def _lines(
    market: _Market, brand: str | None, place: str | None, *, random: Random
) -> tuple[tuple[Line, ...], int]:
    skus = _basket(market, brand, place, random=random)
    quantities = [2 if random.randrange(100) < TWO_PIECES_PERCENT else 1 for _ in skus]
    unit_prices = [_unit_price(sku, style) for style, sku in skus]
    amounts = [price * pieces for price, pieces in zip(unit_prices, quantities, strict=True)]
    discount_minor = _discount(sum(amounts), random=random)
    shares = spread(discount_minor, over=amounts)
    lines = tuple(
        Line(
            sku=sku.code,
            quantity=quantity,
            list_price_minor=sku.list_price_minor,
            unit_price_minor=unit_price_minor,
            discount_minor=share,
        )
        for (_, sku), quantity, unit_price_minor, share in zip(
            skus, quantities, unit_prices, shares, strict=True
        )
    )
    return lines, discount_minor


def _basket(
    market: _Market, brand: str | None, place: str | None, *, random: Random
) -> list[tuple[Style, Sku]]:
    held = market.held.get(place, frozenset()) if place else None
    skus_by_style = {
        style: [sku for sku in style.skus if held is None or sku.code in held]
        for style in market.styles
        if style.brand == brand
    }
    styles = [style for style, skus in skus_by_style.items() if skus]
    weights = [style.popularity for style in styles]
    wanted = random.choices(range(1, len(LINES_PROFILE) + 1), weights=LINES_PROFILE)[0]
    basket: dict[str, tuple[Style, Sku]] = {}
    for style in random.choices(styles, weights=weights, k=wanted):
        skus = skus_by_style[style]
        sku = random.choices(skus, weights=[sku.size_share for sku in skus])[0]
        basket[sku.code] = (style, sku)
    return list(basket.values())


def _unit_price(sku: Sku, style: Style) -> int:
    """The tag's price less the markdown, to the whole yuan."""
    return sku.list_price_minor * (100 - style.markdown_percent) // 10_000 * 100


def _discount(goods_minor: int, *, random: Random) -> int:
    """So much off for every so much spent, where the buyer took part."""
    if random.randrange(100) >= DISCOUNTED_PERCENT:
        return 0
    return goods_minor // SPEND_FOR_DISCOUNT_MINOR * DISCOUNT_MINOR


def _freight(paid_for_goods_minor: int, mode: Mode) -> int:
    if mode == "pickup" or paid_for_goods_minor >= FREE_FREIGHT_FROM_MINOR:
        return 0
    return FREIGHT_MINOR


def _destiny(hours: float, mode: Mode, *, random: Random) -> Destiny:
    draw = random.randrange(100)
    if draw < UNPAID_PERCENT:
        return "unpaid"
    if draw < UNPAID_PERCENT + CANCELLED_PERCENT:
        return "cancelled"
    progress = SHIP_PROGRESS if mode == "ship" else PICKUP_PROGRESS
    stage = next(stage for stage in progress if hours < stage.younger_than)
    return random.choices(stage.destinies, weights=stage.weights)[0]


def _payment(
    number: int, placed_at: datetime, *, amount_minor: int, ends_at: datetime, random: Random
) -> Payment:
    methods: tuple[PaymentMethod, ...] = ("wechat", "alipay", "card")
    paid_at = placed_at + timedelta(seconds=random.randrange(8, 600))
    return Payment(
        number=f"PAY{placed_at:%y%m%d}{number:06d}",
        method=random.choices(methods, weights=(58, 36, 6))[0],
        amount_minor=amount_minor,
        paid_at=min(paid_at, ends_at),
    )
