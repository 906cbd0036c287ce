"""Orders know whose they are, and say once what a member has bought."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.public import Joined
from santong.membership.tests.factories import (
    facts_told,
    give_points,
    make_member,
    make_programme,
)
from santong.orders import public as orders
from santong.orders.events import BoughtLine, MemberBought
from santong.orders.rules.progress import points_of_cancelled
from santong.orders.tests.factories import (
    NOW,
    PLACED_AT,
    make_new_line,
    make_new_order,
    make_order,
    make_order_line,
    make_payment,
    make_promised_order,
    make_shop,
    paid,
)

AtOnce = Callable[..., list[Any]]


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


@dataclass(frozen=True)
class Club:
    """A programme in which a point pays a fen, and one of its members."""

    merchant_id: int
    programme: membership.Programme
    member_id: int

    def points(self) -> membership.PointsShown:
        return membership.points_shown(
            merchant_id=self.merchant_id, member_ids=[self.member_id], now=NOW
        )[self.member_id]


def club_with_points(merchant_id: int, *, points: int = 2_000) -> tuple[Club, str]:
    """A member with points that are worth a fen each, and the member's number."""
    programme = make_programme(merchant_id=merchant_id)
    membership.publish_terms(
        merchant_id=merchant_id,
        programme_code=programme.code,
        terms=membership.Terms(burn=membership.BurnTerms(points_per_step=1, amount_per_step=1)),
        reason="opening",
        now=NOW,
    )
    member = make_member(merchant_id=merchant_id, programme=programme).member
    give_points(merchant_id=merchant_id, programme=programme, member_id=member.id, points=points)
    return Club(merchant_id, programme, member.id), member.number


def held_at_checkout(club: Club, *, key: str, points: int, minutes: int = 15) -> None:
    membership.hold_points(
        merchant_id=club.merchant_id,
        source="checkout",
        key=key,
        member_id=club.member_id,
        programme_code=club.programme.code,
        requested=points,
        amount_minor=20_000,
        expires_at=NOW + timedelta(minutes=minutes),
        now=NOW,
    )


def with_points(number: str, *, key: str, points_minor: int, **about: object) -> orders.NewOrder:
    """Two coats, of which points pay a part."""
    return make_new_order(
        lines=[make_new_line(quantity=2, unit_price_minor=10_000)],
        member_reference=number,
        points_key=key,
        points_minor=points_minor,
        discount_minor=points_minor,
        **about,
    )


def test_points_that_a_checkout_held_are_spent_when_the_order_comes_in(merchant_id: int) -> None:
    make_shop(merchant_id)
    club, number = club_with_points(merchant_id)
    held_at_checkout(club, key="cart-1", points=1_500)
    new = with_points(number, key="cart-1", points_minor=1_500)

    order, _ = orders.place_order(merchant_id=merchant_id, order=new, now=NOW)
    orders.place_order(merchant_id=merchant_id, order=new, now=NOW)

    assert (order.points_minor, order.total_minor) == (1_500, 18_500)
    assert club.points().available == 500


def test_a_cancelled_order_gives_its_points_back(merchant_id: int) -> None:
    make_shop(merchant_id)
    club, number = club_with_points(merchant_id)
    held_at_checkout(club, key="cart-1", points=1_500)
    order, _ = orders.place_order(
        merchant_id=merchant_id,
        order=with_points(number, key="cart-1", points_minor=1_500),
        now=NOW,
    )

    orders.cancel_order(merchant_id=merchant_id, order_id=order.id, reason="no", now=NOW)

    assert club.points().available == 2_000


def test_an_order_that_nobody_pays_gives_its_points_back(merchant_id: int) -> None:
    make_shop(merchant_id)
    club, number = club_with_points(merchant_id)
    held_at_checkout(club, key="cart-1", points=1_500)
    orders.place_order(
        merchant_id=merchant_id,
        order=with_points(number, key="cart-1", points_minor=1_500),
        now=NOW,
    )

    orders.expire_unpaid(merchant_id=merchant_id, now=NOW + timedelta(days=30), limit=10)

    assert club.points().available == 2_000


class Refusal(NamedTuple):
    name: str
    about: dict[str, object]
    pointer: str
    reason: str


REFUSALS = [
    Refusal("nothing is held", {"key": "cart-9"}, "/points_key", "unknown"),
    Refusal("too late", {"minutes": 0}, "/points_key", "ended"),
    Refusal("another worth", {"points_minor": 900}, "/points_minor", "not_what_they_are_worth"),
    Refusal("another member", {"other": True}, "/member_reference", "not_who_holds_the_points"),
]


@pytest.mark.parametrize("case", REFUSALS, ids=lambda case: case.name)
def test_points_that_are_not_held_for_it_refuse_the_order(case: Refusal, merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        club, number = club_with_points(merchant)
        held_at_checkout(club, key="cart-1", points=1_500)
        other = make_member(merchant_id=merchant).member.number
    new = with_points(
        other if "other" in case.about else number,
        key=str(case.about.get("key", "cart-1")),
        points_minor=int(str(case.about.get("points_minor", 1_500))),
    )
    late = timedelta(hours=1) if "minutes" in case.about else timedelta()

    with pytest.raises(orders.InvalidOrder) as refused, tenancy.scope(merchant_id=merchant):
        orders.place_order(merchant_id=merchant, order=new, now=NOW + late)

    assert refused.value.errors == (orders.Problem(pointer=case.pointer, reason=case.reason),)
    with tenancy.scope(merchant_id=merchant):
        assert orders.orders_page(merchant_id=merchant) == []
        assert club.points().available == 500


def test_points_without_their_key_or_beyond_the_discount_make_no_sense(merchant_id: int) -> None:
    make_shop(merchant_id)
    new = make_new_order(points_minor=100)

    with pytest.raises(orders.InvalidOrder) as refused:
        orders.place_order(merchant_id=merchant_id, order=new, now=NOW)

    assert refused.value.errors == (
        orders.Problem(pointer="/points_key", reason="missing"),
        orders.Problem(pointer="/points_minor", reason="beyond_the_discount"),
    )


def test_the_points_of_one_checkout_pay_for_one_order(merchant: int, at_once: AtOnce) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)
        club, number = club_with_points(merchant)
        held_at_checkout(club, key="cart-1", points=1_500)
    news = [with_points(number, key="cart-1", points_minor=1_500) for _ in range(6)]

    def place(new: orders.NewOrder) -> Callable[[], object]:
        def run() -> object:
            with tenancy.scope(merchant_id=merchant):
                return orders.place_order(merchant_id=merchant, order=new, now=NOW)

        return run

    results = at_once(*[place(new) for new in news])

    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert all(isinstance(result, tuple | orders.InvalidOrder) for result in results), results
    with tenancy.scope(merchant_id=merchant):
        assert club.points().available == 500
        assert membership.check_invariants(merchant_id=merchant) == []


@given(
    worth=st.lists(st.integers(0, 5_000), min_size=1, max_size=5),
    points=st.integers(0, 10_000),
    gone=st.data(),
)
def test_points_of_parts_add_up_to_those_of_the_order(
    worth: list[int], points: int, gone: st.DataObject
) -> None:
    lines = [make_order_line(quantity=3, line_total_minor=minor) for minor in worth]
    cancelled = [gone.draw(st.integers(0, 3)) for _ in lines]
    some = [
        replace(line, cancelled_quantity=units)
        for line, units in zip(lines, cancelled, strict=True)
    ]
    everything = [replace(line, cancelled_quantity=3) for line in lines]

    first = points_of_cancelled(lines, some, points=points)
    rest = points_of_cancelled(some, everything, points=points)

    assert first >= 0
    assert rest >= 0
    assert first + rest == points
