from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.simulation.rules.demo.barcodes import check_digit, own_barcode
from santong.simulation.rules.demo.gazetteer import PROVINCES, chinese_cities, chinese_city
from santong.simulation.rules.demo.group import demo_merchant
from santong.simulation.rules.demo.shape import DemoMerchant, Destiny
from santong.simulation.rules.places import metres_between

ENDS_AT = datetime(2026, 11, 21, 4, 30, tzinfo=UTC)
COMMON_FAMILY_NAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕"
    "丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "武戴莫孔向汤"
)


@pytest.fixture(scope="module")
def demo() -> DemoMerchant:
    return demo_merchant(seed=7, week_ends_at=ENDS_AT)


def test_the_same_seed_makes_the_same_merchant(demo: DemoMerchant) -> None:
    assert demo_merchant(seed=7, week_ends_at=ENDS_AT) == demo


def test_another_seed_makes_another(demo: DemoMerchant) -> None:
    other = demo_merchant(seed=8, week_ends_at=ENDS_AT)

    assert other.places != demo.places
    assert other.orders != demo.orders


def test_it_is_as_large_as_it_says(demo: DemoMerchant) -> None:
    kinds = Counter(place.kind for place in demo.places)

    assert kinds == {"store": 300, "warehouse": 4}
    assert len(demo.brands) == 2
    assert len(demo.skus) == 2_000
    assert len(demo.orders) == 1_500


def test_about_a_third_of_the_stores_are_dealers(demo: DemoMerchant) -> None:
    owned = [place for place in demo.places if place.dealer]

    assert 80 <= len(owned) <= 120
    assert {place.dealer for place in owned} == {dealer.code for dealer in demo.dealers}


@given(seed=st.integers(min_value=0, max_value=10**9))
def test_every_size_of_merchant_fits_together(seed: int) -> None:
    small = demo_merchant(seed=seed, week_ends_at=ENDS_AT, stores=12, skus=37, order_count=40)

    places = {place.code for place in small.places}
    skus = {sku.code: sku for sku in small.skus}
    clerks = {person.username: person for person in small.staff if person.role == "clerk"}
    assert len(skus) == 37
    assert len({place.name for place in small.places}) == len(small.places)
    assert {key[0] for key in small.stock} <= places
    assert {key[1] for key in small.stock} <= skus.keys()
    for order in small.orders:
        assert {line.sku for line in order.lines} <= skus.keys()
        assert {order.pickup_place, order.seller_place} - {None} <= places
        assert order.guide is None or clerks[order.guide].places == (order.seller_place,)


def test_money_adds_up_to_the_fen(demo: DemoMerchant) -> None:
    for order in demo.orders:
        assert sum(line.discount_minor for line in order.lines) == order.discount_minor
        assert order.payment is None or order.payment.amount_minor == order.payable_minor
        for line in order.lines:
            assert 0 < line.unit_price_minor <= line.list_price_minor
            assert 0 <= line.discount_minor <= line.unit_price_minor * line.quantity


def test_stock_is_whole_pieces_and_small_stores_lack_sizes(demo: DemoMerchant) -> None:
    formats = {place.code: place.format for place in demo.places}
    sizes: Counter[tuple[str, str]] = Counter(
        (place, sku.rsplit("-", 1)[0]) for place, sku in demo.stock
    )
    full = Counter(formats[place] for (place, _), count in sizes.items() if count == 5)
    runs = Counter(formats[place] for place, _ in sizes)

    assert min(demo.stock.values()) > 0
    assert full["small"] / runs["small"] < 0.5
    assert full["flagship"] / runs["flagship"] > 0.8


def test_all_codes_are_told_apart(demo: DemoMerchant) -> None:
    groups = [
        [place.code for place in demo.places],
        [place.name for place in demo.places],
        [sku.code for sku in demo.skus],
        [sku.barcode for sku in demo.skus],
        [style.code for style in demo.styles],
        [person.username for person in demo.staff],
        [order.number for order in demo.orders],
        [dealer.name for dealer in demo.dealers],
    ]

    for codes in groups:
        assert len(set(codes)) == len(codes)


@given(number=st.integers(min_value=0, max_value=10**10 - 1))
def test_barcodes_are_whole_and_belong_to_nobody(number: int) -> None:
    barcode = own_barcode(number)

    weighted = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(barcode))
    assert re.fullmatch(r"2\d{12}", barcode)
    assert weighted % 10 == 0


def test_a_published_check_digit_is_found() -> None:
    assert check_digit("629104150021") == "3"


def test_nobody_in_it_is_a_real_person(demo: DemoMerchant) -> None:
    people = [
        *((person.name, person.phone) for person in demo.staff),
        *((order.recipient.name, order.recipient.phone) for order in demo.orders),
    ]

    for name, phone in people:
        assert name[0] not in COMMON_FAMILY_NAMES
        assert len(name) == 3
        assert re.fullmatch(r"154\d{8}", phone)


def test_places_are_real_and_near_their_city(demo: DemoMerchant) -> None:
    for place in demo.places:
        city = chinese_city(place.city)
        assert place.province == city.province
        assert (
            metres_between(
                latitude=place.latitude,
                longitude=place.longitude,
                other_latitude=city.latitude,
                other_longitude=city.longitude,
            )
            < 15_000
        )


def test_city_names_are_simplified_chinese() -> None:
    names = [city.name for city in chinese_cities()]

    assert len(names) > 200
    assert len(set(names)) == len(names)
    assert {"北京市", "上海市", "广州市", "深圳市", "成都市", "杭州市"} <= set(names[:12])
    for city in chinese_cities():
        assert re.fullmatch(r"[\u4e00-\u9fff]{2,5}市", city.name)
        assert city.province in PROVINCES.values()


def test_the_week_ends_when_it_is_told_to(demo: DemoMerchant) -> None:
    moments = [order.placed_at for order in demo.orders]

    assert moments == sorted(moments)
    assert moments[0] >= ENDS_AT - timedelta(days=7)
    assert moments[-1] < ENDS_AT
    assert all(order.payment is None or order.payment.paid_at <= ENDS_AT for order in demo.orders)


def test_evenings_are_busier_than_nights(demo: DemoMerchant) -> None:
    hours = Counter((order.placed_at.hour + 8) % 24 for order in demo.orders)

    assert hours[21] > 5 * hours[4]


def test_orders_come_to_be_in_every_state(demo: DemoMerchant) -> None:
    destinies = Counter(order.destiny for order in demo.orders)

    assert set(destinies) == set(Destiny.__args__)  # type: ignore[attr-defined]  # typing's own
    assert min(destinies.values()) >= 5


def test_a_pickup_waits_where_the_buyer_lives(demo: DemoMerchant) -> None:
    places = {place.code: place for place in demo.places}
    pickups = [order for order in demo.orders if order.mode == "pickup"]

    assert len(pickups) > 60
    for order in pickups:
        assert order.pickup_place is not None
        assert places[order.pickup_place].city == order.recipient.city
        assert order.freight_minor == 0
