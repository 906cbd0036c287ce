"""The group's household brand: what it sells, to whom, and how far each order has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Final, NamedTuple

from santong.simulation.rules.demo.money import ZONE, counters
from santong.simulation.rules.demo.people import home_address, mobile_number, person_name
from santong.simulation.rules.demo.shape import (
    Brand,
    DemoMerchant,
    Line,
    Order,
    Place,
    Recipient,
    Storefront,
)

BRAND: Final = Brand(code="YM", name="砚木家居", latin_name="YANMU")
SHOP: Final = Storefront(code="yanmu", name="砚木家居官方商城", kind="mini_programme", brand="YM")
WALLET, COUNTER = "simulated-yanmu", "store-pos"
PIECES: Final = 60
_LOCAL_DEGREES: Final = 0.06  # six kilometres or so


class Good(NamedTuple):
    """A style of one SKU."""

    code: str
    name: str
    category: str
    price_yuan: int
    weight_grams: int


GOODS: Final = (
    Good("YM-TABLE", "白蜡木餐桌 1.6 米", "家具/餐桌", 3_980, 42_000),
    Good("YM-CHAIR", "白蜡木餐椅", "家具/餐椅", 680, 6_200),
    Good("YM-SHELF", "榉木落地书柜", "家具/书柜", 2_680, 55_000),
    Good("YM-FRIDGE", "嵌入式冰箱 420 升", "家电/冰箱", 5_999, 78_000),
    Good("YM-WASHER", "滚筒洗衣机 10 公斤", "家电/洗衣机", 3_299, 66_000),
    Good("YM-LAMP", "纸艺落地灯", "灯具/落地灯", 459, 2_900),
    Good("YM-PENDANT", "银杏叶吊坠", "珠宝/项链", 1_280, 40),
    Good("YM-DOOR", "原木烤漆门", "木门/室内门", 4_260, 48_000),
    Good("YM-HINGE", "静音合页套装", "五金/合页", 45, 600),
)
PRICE_BY_GOOD: Final = {good.code: good.price_yuan * 100 for good in GOODS}


class Wish(NamedTuple):
    """An order to come: its name, what of which, how many days ago, and when it arrived."""

    name: str
    pieces_by_good: dict[str, int]
    bought: int
    arrived: int | None = None
    is_sent: bool = True


WISHES: Final = (
    Wish("washer", {"YM-WASHER": 1}, 26, 23),
    Wish("fridge", {"YM-FRIDGE": 1}, 11, 8),
    Wish("table", {"YM-TABLE": 1, "YM-CHAIR": 4}, 10, 5),
    Wish("shelf", {"YM-SHELF": 1}, 9, 3),
    Wish("pendant", {"YM-PENDANT": 1}, 8, 5),
    Wish("lamp", {"YM-LAMP": 2}, 7, 4),
    Wish("lost-lamp", {"YM-LAMP": 1}, 6),
    Wish("hinges", {"YM-HINGE": 6}, 5, 3),
    Wish("gift", {"YM-PENDANT": 1}, 3, is_sent=False),
    Wish("dining", {"YM-TABLE": 1, "YM-CHAIR": 6}, 2, is_sent=False),
)


def at_noon(now: datetime, days_ago: float) -> datetime:
    """So many days ago, around noon where the merchant is, and never later than now."""
    day = now.astimezone(ZONE).date()
    noon = datetime.combine(day, time(12), ZONE) - timedelta(days=days_ago)
    return min(noon.astimezone(UTC), now)


def showrooms(demo: DemoMerchant) -> tuple[Place, Place]:
    """The store that shows doors and furniture, and another that takes goods back."""
    first, *_ = counters(demo)
    others = [place for place in demo.places if place.kind == "store" and place != first]
    return first, others[0]


def neighbours(demo: DemoMerchant, *, seed: int, count: int) -> tuple[Recipient, ...]:
    """Buyers who live near the showroom; the same seed gives the same ones."""
    random = Random(f"{seed}/neighbours")
    place, _ = showrooms(demo)
    return tuple(_neighbour(place, random) for _ in range(count))


def household_orders(*, buyers: Sequence[Recipient], now: datetime) -> tuple[Order, ...]:
    """What neighbours bought of the household brand, paid for a moment later, oldest first."""
    return tuple(
        _order(wish, buyer, number, now)
        for number, (wish, buyer) in enumerate(zip(WISHES, buyers, strict=False), start=1)
    )


def _neighbour(place: Place, random: Random) -> Recipient:
    return Recipient(
        name=person_name(random),
        phone=mobile_number(random),
        province=place.province,
        city=place.city,
        district=place.district,
        address=home_address(random),
        latitude=round(place.latitude + random.uniform(-_LOCAL_DEGREES, _LOCAL_DEGREES), 5),
        longitude=round(place.longitude + random.uniform(-_LOCAL_DEGREES, _LOCAL_DEGREES), 5),
    )


def _order(wish: Wish, buyer: Recipient, number: int, now: datetime) -> Order:
    return Order(
        storefront=SHOP.code,
        number=f"YM{number:05d}",
        placed_at=at_noon(now, wish.bought) + timedelta(minutes=7 * number),
        lines=tuple(
            Line(
                sku=code,
                quantity=pieces,
                list_price_minor=PRICE_BY_GOOD[code],
                unit_price_minor=PRICE_BY_GOOD[code],
                discount_minor=0,
            )
            for code, pieces in wish.pieces_by_good.items()
        ),
        freight_minor=0,
        discount_minor=0,
        recipient=buyer,
        mode="ship",
        pickup_place=None,
        seller_place=None,
        guide=None,
        buyer_note="",
        payment=None,
        destiny="delivered" if wish.arrived is not None else "offered",
    )
