"""The demo merchant's stores and warehouses, and who owns them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from random import Random

from santong.simulation.rules.demo import words
from santong.simulation.rules.demo.gazetteer import (
    ChineseCity,
    chinese_cities,
    chinese_city,
    point_near,
)
from santong.simulation.rules.demo.people import shop_address
from santong.simulation.rules.demo.shape import Brand, Dealer, Format, Hours, Place

WAREHOUSE_CITIES = ("苏州市", "佛山市", "成都市", "天津市")
STORES_OF_ONE_CITY_MAX = 14
CITY_RADIUS_METRES = 9_000
# Dealers work where the group has no offices of its own.
CITIES_OF_OWN_STORES_ONLY = 12
DEALER_SHARE_PERCENT = 46  # of the stores elsewhere: a third of all
FIRST_BRANDS_STORES = (11, 20)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKEND = ("fri", "sat", "sun")
CAPACITY_BY_FORMAT: Mapping[Format, int] = {
    "flagship": 80,
    "standard": 30,
    "small": 12,
    "warehouse": 4_000,
}


def warehouses(*, seed: int) -> tuple[Place, ...]:
    """Four warehouses, each in a city that serves its part of the country."""
    random = Random(f"{seed}/warehouses")
    return tuple(
        _warehouse(chinese_city(name), number=number, random=random)
        for number, name in enumerate(WAREHOUSE_CITIES, start=1)
    )


def stores_and_dealers(
    brands: Sequence[Brand], *, seed: int, count: int
) -> tuple[tuple[Place, ...], tuple[Dealer, ...]]:
    """So many stores where people live, about a third of them owned by dealers."""
    random = Random(f"{seed}/stores")
    cities = _cities_of_stores(count, random=random)
    dealer_by_province = _dealers(cities)
    used: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    stores: list[Place] = []
    for number, city in enumerate(cities, start=1):
        brand = brands[_brand_number(number)]
        stores.append(
            _store(
                city,
                number=number,
                brand=brand,
                dealer=dealer_by_province[city.province] if _is_dealers(city, random) else None,
                mall=_free_mall(brand, used[city.name], random=random),
                random=random,
            )
        )
    owners = {store.dealer for store in stores}
    dealers = tuple(dealer for dealer in dealer_by_province.values() if dealer.code in owners)
    return tuple(stores), dealers


def _cities_of_stores(count: int, *, random: Random) -> list[ChineseCity]:
    """A city for each store: the weightier the likelier, none with too many."""
    cities = chinese_cities()
    weights = [city.weight for city in cities]
    stores: Counter[str] = Counter()
    chosen: list[ChineseCity] = []
    while len(chosen) < count:
        city = random.choices(cities, weights=weights)[0]
        if stores[city.name] < STORES_OF_ONE_CITY_MAX:
            stores[city.name] += 1
            chosen.append(city)
    return sorted(chosen, key=lambda city: (-city.weight, city.name))


def _dealers(cities: Sequence[ChineseCity]) -> dict[str, Dealer]:
    """One dealer a province."""
    provinces = sorted({city.province for city in cities})
    return {
        province: Dealer(
            code=f"dealer-{number:02d}",
            name=_dealer_name(province, words.DEALER_WORDS[number % len(words.DEALER_WORDS)]),
            province=province,
        )
        for number, province in enumerate(provinces, start=1)
    }


def _dealer_name(province: str, word: str) -> str:
    short = province[:3] if province.startswith(("黑龙江", "内蒙古")) else province[:2]
    return f"{short}{word}商贸（示范）"


def _brand_number(number: int) -> int:
    """Eleven of twenty stores are the first brand's, evenly mixed."""
    first, of = FIRST_BRANDS_STORES
    return 0 if number * first % of < first else 1


def _is_dealers(city: ChineseCity, random: Random) -> bool:
    is_own_city = city in chinese_cities()[:CITIES_OF_OWN_STORES_ONLY]
    return random.randrange(100) < DEALER_SHARE_PERCENT and not is_own_city


def _free_mall(brand: Brand, used: set[tuple[str, str]], *, random: Random) -> str:
    mall = random.choice([mall for mall in words.MALLS if (brand.code, mall) not in used])
    used.add((brand.code, mall))
    return mall


def _store(
    city: ChineseCity,
    *,
    number: int,
    brand: Brand,
    dealer: Dealer | None,
    mall: str,
    random: Random,
) -> Place:
    latitude, longitude = point_near(city, random=random, within_metres=CITY_RADIUS_METRES)
    form = _format(random)
    return Place(
        code=f"store-{number:04d}",
        name=f"{brand.name}{city.short_name}{mall}店",
        kind="store",
        format=form,
        brand=brand.code,
        dealer=dealer.code if dealer else None,
        latitude=latitude,
        longitude=longitude,
        province=city.province,
        city=city.name,
        district=random.choice(city.districts),
        address=shop_address(random, mall=mall),
        hours=_hours(random),
        daily_capacity=CAPACITY_BY_FORMAT[form],
        can_ship=True,
        can_pickup=True,
        can_courier=form != "small",
        accepts_returns=True,
        parcel_cost_minor=random.randrange(800, 1_100, 50),
        handling_cost_minor=random.randrange(250, 450, 50),
        accept_rate_ppm=random.randrange(750_000, 950_001, 10_000),
    )


def _format(random: Random) -> Format:
    formats: tuple[Format, ...] = ("flagship", "standard", "small")
    return random.choices(formats, weights=(8, 52, 40))[0]


def _hours(random: Random) -> Hours:
    """Malls open at ten; most stay open longer at the end of the week."""
    closes = random.choice(("21:30", "22:00"))
    late = "22:30" if random.randrange(2) else closes
    return {day: (("10:00", late if day in WEEKEND else closes),) for day in WEEKDAYS}


def _warehouse(city: ChineseCity, *, number: int, random: Random) -> Place:
    latitude, longitude = point_near(city, random=random, within_metres=CITY_RADIUS_METRES)
    street = random.choice(words.STREETS)
    return Place(
        code=f"warehouse-{number}",
        name=f"{city.short_name}中心仓",
        kind="warehouse",
        format="warehouse",
        brand=None,
        dealer=None,
        latitude=latitude,
        longitude=longitude,
        province=city.province,
        city=city.name,
        district=random.choice(city.districts),
        address=f"{street}{random.randrange(1, 400)}号物流园{random.randrange(1, 9)}号库",
        hours=None,
        daily_capacity=CAPACITY_BY_FORMAT["warehouse"],
        can_ship=True,
        can_pickup=False,
        can_courier=False,
        accepts_returns=True,
        parcel_cost_minor=random.randrange(450, 600, 50),
        handling_cost_minor=random.randrange(100, 200, 50),
        accept_rate_ppm=998_000,
    )
