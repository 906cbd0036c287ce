from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.agents.contracts import (
    Address,
    AgentShop,
    Asked,
    AskedLine,
    Buyer,
    Facts,
    Shelf,
    Variant,
)
from santong.agents.rules.ucp.catalogue import chosen, options_of, signals
from santong.agents.rules.ucp.negotiation import profile_url_in
from santong.agents.rules.ucp.standing import standing_of

SHOP = AgentShop(
    storefront_id=1,
    storefront_code="flagship",
    is_open=True,
    currency="CNY",
    freight_minor=1_000,
    free_from_minor=20_000,
    terms_url="",
    privacy_url="",
    returns_url="",
)
ADDRESS = Address(
    id="home",
    street_address="文三路 90 号",
    address_locality="杭州市",
    address_region="浙江省",
    address_country="CN",
    first_name="小满",
    last_name="钱",
    phone_number="19900001111",
)


def variant(sku_id: int = 1, **given: Any) -> Variant:
    values: dict[str, Any] = {
        "sku_id": sku_id,
        "code": f"S{sku_id}",
        "style_id": 1,
        "style_code": "COAT",
        "name": "大衣",
        "category": "",
        "colour": "驼色",
        "size": "M",
        "price_minor": 9_900,
        "currency": "CNY",
        "is_sellable": True,
        "barcodes": (),
        "promisable": 5,
    }
    return Variant(**{**values, **given})


def shelf(location_id: int = 1, **given: Any) -> Shelf:
    values: dict[str, Any] = {
        "location_id": location_id,
        "code": f"L{location_id}",
        "name": f"店{location_id}",
        "country": "CN",
        "province": "浙江省",
        "city": "杭州市",
        "district": "西湖区",
        "address": "",
        "can_ship": True,
        "can_pickup": True,
        "atp_by_sku": {1: 5},
    }
    return Shelf(**{**values, **given})


def facts(*shelves: Shelf, **variants: Variant) -> Facts:
    return Facts(
        shop=SHOP,
        variant_by_item=variants or {"coat": variant()},
        shelves=shelves or (shelf(),),
    )


ASKED = Asked(
    lines=(AskedLine(item_id="coat", quantity=1),), method="shipping", addresses=(ADDRESS,)
)


class Case(NamedTuple):
    name: str
    asked: Asked
    codes: tuple[str, ...] = ()
    known: Facts = facts()


COLLECTED = replace(ASKED, method="pickup", addresses=(), destination_id="store-1")
JANE = Buyer(first_name="Jane", phone_number="+8613800138000")
CASES = [
    Case("a whole address is enough", ASKED),
    Case("without a way nothing is chosen", replace(ASKED, method=None), ("missing",)),
    Case("without an address it goes nowhere", replace(ASKED, addresses=()), ("missing",) * 3),
    Case(
        "of two addresses one is selected",
        replace(ASKED, addresses=(ADDRESS, replace(ADDRESS, id="work"))),
        ("missing",) * 3,
    ),
    Case(
        "an address abroad is not served",
        replace(ASKED, addresses=(replace(ADDRESS, address_country="US"),)),
        ("address_undeliverable",),
    ),
    Case("a collector says who they are", COLLECTED, ("missing", "missing")),
    Case("a store that has it is enough", replace(COLLECTED, buyer=JANE)),
    Case(
        "a store that has too little is not offered",
        replace(COLLECTED, buyer=JANE, lines=(AskedLine(item_id="coat", quantity=4),)),
        ("missing",),
        facts(shelf(atp_by_sku={1: 3}), shelf(2, atp_by_sku={1: 4})),
    ),
    Case(
        "more than there is cannot be had",
        replace(ASKED, lines=(AskedLine(item_id="coat", quantity=6),)),
        ("out_of_stock",),
    ),
    Case(
        "two lines of one thing count together",
        replace(ASKED, lines=(AskedLine(item_id="coat", quantity=3),) * 2),
        ("out_of_stock", "out_of_stock"),
    ),
    Case(
        "what nobody knows cannot be bought",
        replace(ASKED, lines=(*ASKED.lines, AskedLine(item_id="moon", quantity=1))),
        ("item_unavailable",),
    ),
    Case(
        "what lies apart and is not sent cannot be had together",
        replace(
            ASKED,
            lines=(AskedLine(item_id="coat", quantity=1), AskedLine(item_id="scarf", quantity=1)),
        ),
        ("out_of_stock",),
        facts(
            shelf(can_ship=False, atp_by_sku={1: 5}),
            shelf(2, can_ship=False, atp_by_sku={2: 5}),
            coat=variant(),
            scarf=variant(2),
        ),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_standing(case: Case) -> None:
    found = standing_of(asked=case.asked, facts=case.known)

    assert tuple(message.code for message in found.messages) == case.codes
    assert found.status == ("incomplete" if case.codes else "ready_for_complete")


@pytest.mark.parametrize(("quantity", "freight"), [(1, 1_000), (2, 1_000), (3, 0)])
def test_delivery_is_free_from_an_amount_on(quantity: int, freight: int) -> None:
    asked = replace(ASKED, lines=(AskedLine(item_id="coat", quantity=quantity),))

    found = standing_of(asked=asked, facts=facts())

    assert (found.goods_minor, found.freight_minor) == (9_900 * quantity, freight)


@given(
    quantities=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    here=st.integers(0, 12),
    there=st.integers(0, 12),
)
def test_what_is_ready_is_there(quantities: list[int], here: int, there: int) -> None:
    lines = tuple(AskedLine(item_id="coat", quantity=each) for each in quantities)
    known = facts(
        shelf(atp_by_sku={1: here}),
        shelf(2, atp_by_sku={1: there}),
        coat=variant(promisable=here + there),
    )

    found = standing_of(asked=replace(ASKED, lines=lines), facts=known)

    assert (found.status == "ready_for_complete") == (sum(quantities) <= here + there)
    assert found.total_minor == found.goods_minor + found.freight_minor
    assert Asked.from_json(replace(ASKED, lines=lines).as_json()).lines == lines


SIZES = [
    variant(1, size="S", promisable=0),
    variant(2, size="M"),
    variant(3, size="L", colour="黑色"),
]


@given(
    selected=st.dictionaries(
        st.sampled_from(["Color", "Size", "Smell"]),
        st.sampled_from(["S", "M", "驼色", "黑色", "no"]),
    ),
    preferences=st.permutations(["Color", "Size"]),
)
def test_a_selection_is_always_one_that_some_variant_has(
    selected: dict[str, str], preferences: list[str]
) -> None:
    effective, fitting = chosen(SIZES, selected=selected, preferences=preferences)

    assert fitting
    assert all(effective.items() <= options_of(each).items() for each in fitting)


def test_what_does_not_go_together_is_let_go_from_the_end_of_what_is_preferred() -> None:
    wanted = {"Color": "黑色", "Size": "M"}

    by_colour, _ = chosen(SIZES, selected=wanted, preferences=["Color", "Size"])
    by_size, _ = chosen(SIZES, selected=wanted, preferences=["Size", "Color"])

    assert by_colour == {"Color": "黑色"}
    assert by_size == {"Size": "M"}


def test_values_say_whether_they_are_there_beside_the_selection() -> None:
    (_, sizes) = signals(SIZES, selection={"Color": "驼色", "Size": "M"})

    assert {each["label"]: (each["exists"], each["available"]) for each in sizes["values"]} == {
        "S": (True, False),
        "M": (True, True),
        "L": (False, False),
    }


@pytest.mark.parametrize(
    ("header", "url"),
    [
        ('profile="https://a.example/p"', "https://a.example/p"),
        ('version="1", profile="https://a.example/p"', "https://a.example/p"),
        ('profile="https://a.example/\\"p"', 'https://a.example/"p'),
        ("profile=https://a.example/p", ""),
        ("", ""),
    ],
)
def test_a_platform_names_its_profile(header: str, url: str) -> None:
    assert profile_url_in(header) == url
