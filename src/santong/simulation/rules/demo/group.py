"""The demo merchant as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from santong.simulation.rules.demo import goods, orders, places, stock
from santong.simulation.rules.demo.callers import CALLERS, COMPANIES, DISPATCHER, TECHNICIAN
from santong.simulation.rules.demo.people import mobile_number, person_name
from santong.simulation.rules.demo.shape import (
    TIMEZONE,
    Brand,
    Dealer,
    DemoMerchant,
    Place,
    Role,
    Staff,
    Storefront,
)

MERCHANT_CODE = "demo"
MERCHANT_NAME = "三通示范服饰集团"
BRANDS = (
    Brand(code="CX", name="澄岫", latin_name="CHENGXIU"),
    Brand(code="LQ", name="砾青", latin_name="LIQING"),
)
STOREFRONTS = (
    Storefront(code="mall-a-cx", name="甲商城·澄岫旗舰店", kind="marketplace", brand="CX"),
    Storefront(code="mall-a-lq", name="甲商城·砾青旗舰店", kind="marketplace", brand="LQ"),
    Storefront(code="mall-b-cx", name="乙商城·澄岫自营店", kind="marketplace", brand="CX"),
    Storefront(code="mall-b-lq", name="乙商城·砾青自营店", kind="marketplace", brand="LQ"),
    Storefront(code="h5", name="集团官方商城", kind="h5", brand=None),
    Storefront(code="mini-cx", name="澄岫会员小程序", kind="mini_programme", brand="CX"),
    Storefront(code="mini-lq", name="砾青会员小程序", kind="mini_programme", brand="LQ"),
    Storefront(code="kiosk", name="门店云货架", kind="kiosk", brand=None),
)
STORES, SKUS, ORDERS = 300, 2_000, 1_500
LOG_INS_OF_STORES = 3  # stores whose people can log in
LOG_INS_OF_DEALERS = 2


def demo_merchant(
    *,
    seed: int,
    week_ends_at: datetime,
    stores: int = STORES,
    skus: int = SKUS,
    order_count: int = ORDERS,
) -> DemoMerchant:
    """A Chinese apparel group and its last week. The same arguments give the same merchant."""
    local_day = week_ends_at.astimezone(ZoneInfo(TIMEZONE)).date()
    own_stores, dealers = places.stores_and_dealers(BRANDS, seed=seed, count=stores)
    all_places = (*places.warehouses(seed=seed), *own_stores)
    styles = goods.styles(BRANDS, seed=seed, skus=skus, on=local_day)
    staff = _staff(all_places, dealers, seed=seed)
    stock_on_hand = stock.opening_stock(places=all_places, styles=styles, seed=seed)
    return DemoMerchant(
        code=MERCHANT_CODE,
        name=MERCHANT_NAME,
        brands=BRANDS,
        dealers=dealers,
        storefronts=STOREFRONTS,
        places=all_places,
        staff=staff,
        styles=styles,
        stock=stock_on_hand,
        orders=orders.week_of_orders(
            storefronts=STOREFRONTS,
            stores=own_stores,
            styles=styles,
            staff=staff,
            stock=stock_on_hand,
            seed=seed,
            ends_at=week_ends_at,
            count=order_count,
        ),
    )


def _staff(
    all_places: Sequence[Place], dealers: Sequence[Dealer], *, seed: int
) -> tuple[Staff, ...]:
    random = Random(f"{seed}/staff")
    made = [
        _person("headoffice", "head_office", random),
        *(
            _person(f"brand-{brand.code.lower()}", "brand_operator", random, brand=brand.code)
            for brand in BRANDS
        ),
        *(_person(f"service-{number}", "customer_service", random) for number in (1, 2)),
        _person("finance", "finance", random),
        _person("developer", "developer", random),
        *(
            _person(
                dealer.code,
                "dealer",
                random,
                dealer=dealer.code,
                has_log_in=number < LOG_INS_OF_DEALERS,
            )
            for number, dealer in enumerate(dealers)
        ),
    ]
    stores_seen = 0
    for place in all_places:
        if place.kind == "warehouse":
            made.append(_person(place.code, "warehouse", random, places=(place.code,)))
            continue
        stores_seen += 1
        made += _people_of_store(place, random, has_log_in=stores_seen <= LOG_INS_OF_STORES)
    return (*made, *_people_who_come(random))


def _people_who_come(random: Random) -> list[Staff]:
    """Dispatchers of providers, and technicians who try their phone's page."""
    made = [_person(company.dispatcher, DISPATCHER, random) for company in COMPANIES]
    made += [
        replace(_person(caller.code, TECHNICIAN, random), name=caller.name)
        for caller in CALLERS
        if caller.has_log_in
    ]
    return made


def _people_of_store(place: Place, random: Random, *, has_log_in: bool) -> list[Staff]:
    number = place.code.removeprefix("store-")
    clerks = 1 if place.format == "small" else random.randint(2, 3)
    roles: list[tuple[str, Role]] = [(f"manager-{number}", "store_manager")]
    roles.extend((f"clerk-{number}-{clerk}", "clerk") for clerk in range(1, clerks + 1))
    return [
        _person(
            username,
            role,
            random,
            brand=place.brand,
            dealer=place.dealer,
            places=(place.code,),
            has_log_in=has_log_in,
        )
        for username, role in roles
    ]


def _person(
    username: str,
    role: Role,
    random: Random,
    *,
    brand: str | None = None,
    dealer: str | None = None,
    places: tuple[str, ...] = (),
    has_log_in: bool = True,
) -> Staff:
    return Staff(
        username=username,
        name=person_name(random),
        phone=mobile_number(random),
        role=role,
        has_log_in=has_log_in,
        brand=brand,
        dealer=dealer,
        places=places,
    )
