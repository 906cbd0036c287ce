"""Orders know whose they are, and say once what a member has bought."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from santong.membership.public import Joined
from santong.membership.tests.factories import facts_told, make_member
from santong.orders import public as orders
from santong.orders.events import BoughtLine, MemberBought
from santong.orders.tests.factories import (
    NOW,
    PLACED_AT,
    make_new_line,
    make_new_order,
    make_order,
    make_payment,
    make_promised_order,
    make_shop,
    paid,
)


class Reference(NamedTuple):
    name: str
    is_of_card: bool


REFERENCES = [Reference("member number", is_of_card=False), Reference("card", is_of_card=True)]


def number_of(member: Joined, reference: Reference) -> str:
    return member.card.number if reference.is_of_card else member.member.number


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.name)
def test_a_members_number_finds_the_member(reference: Reference, merchant_id: int) -> None:
    make_shop(merchant_id)
    member = make_member(merchant_id=merchant_id)

    order = make_order(merchant_id, member_reference=number_of(member, reference))

    assert order.member_id == member.member.id


def test_a_reference_that_finds_nobody_refuses_no_order(merchant_id: int) -> None:
    make_shop(merchant_id)

    order = make_order(merchant_id, member_reference="tb88471")

    assert order.member_id is None
    assert order.member_reference == "tb88471"


def test_a_card_number_of_two_members_is_nobodys(merchant_id: int) -> None:
    make_shop(merchant_id)
    for _ in range(2):
        make_member(merchant_id=merchant_id, card_number="88001")

    order = make_order(merchant_id, member_reference="88001")

    assert order.member_id is None


def test_what_a_member_bought_is_told_with_what_was_paid_for_each_line(merchant_id: int) -> None:
    skus = make_shop(merchant_id, sku_codes=("COAT-RED-M", "SCARF"))
    member = make_member(merchant_id=merchant_id).member
    new = make_new_order(
        lines=[
            make_new_line(quantity=2, discount_minor=1_800),
            make_new_line(sku_code="SCARF", unit_price_minor=5_000),
        ],
        member_reference=member.number,
        guide_code="G17",
        freight_minor=1_000,
    )

    order, _ = orders.place_order(
        merchant_id=merchant_id, order=paid(new, amount_minor=44_000), now=NOW
    )

    (told,) = facts_told(merchant_id=merchant_id, kind=MemberBought)
    coat, scarf = order.lines
    assert told == MemberBought(
        order_id=order.id,
        member_id=member.id,
        storefront_id=order.storefront_id,
        seller_location_id=None,
        pickup_location_id=None,
        guide_code="G17",
        bought_at=PLACED_AT,
        currency="CNY",
        lines=(
            BoughtLine(line_id=coat.id, sku_id=skus["COAT-RED-M"], quantity=2, amount_minor=38_000),
            BoughtLine(line_id=scarf.id, sku_id=skus["SCARF"], quantity=1, amount_minor=5_000),
        ),
    )


def test_it_is_told_once_and_only_when_all_the_money_is_in(merchant_id: int) -> None:
    make_shop(merchant_id)
    member = make_member(merchant_id=merchant_id).member
    order = make_promised_order(merchant_id, member_reference=member.number)

    told = []
    for amount_minor in (9_900, 10_000, 500):
        orders.record_payment(
            merchant_id=merchant_id,
            order_id=order.id,
            payment=make_payment(amount_minor=amount_minor),
            now=NOW,
        )
        told.append(len(facts_told(merchant_id=merchant_id, kind=MemberBought)))

    assert told == [0, 1, 1]


def test_a_paid_order_of_nobody_says_nothing(merchant_id: int) -> None:
    make_shop(merchant_id)

    orders.place_order(
        merchant_id=merchant_id, order=paid(make_new_order(), amount_minor=19_900), now=NOW
    )

    assert facts_told(merchant_id=merchant_id, kind=MemberBought) == []


def test_a_members_orders_are_found(merchant_id: int) -> None:
    make_shop(merchant_id)
    member = make_member(merchant_id=merchant_id).member
    hers = [make_order(merchant_id, member_reference=member.number) for _ in range(2)]
    make_order(merchant_id)

    found = orders.orders_page(merchant_id=merchant_id, member_id=member.id)

    assert [order.id for order in found] == [hers[1].id, hers[0].id]
