"""One telephone number finds the old card, its tier and points; a new one makes a new member."""

from __future__ import annotations

from datetime import timedelta

from santong.customers import public as customers
from santong.membership import public as membership
from santong.membership.contracts import JoinSource
from santong.membership.events import MemberJoined, MemberReopened
from santong.membership.models import Card, Member
from santong.membership.tests.factories import (
    AT_THE_TILL,
    NOW,
    account,
    facts_told,
    give_points,
    join_by_phone,
    make_programme,
    make_shop,
    new_phone,
    points_of,
)


def test_a_number_finds_the_old_card_with_its_tier_and_points(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    phone = new_phone()
    old = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)
    Card.objects.filter(id=old.card.id).update(tier="gold", tier_since=NOW)
    give_points(merchant_id=merchant_id, programme=programme, member_id=old.member.id, points=120)

    online = JoinSource(kind="storefront", channel="marketplace", storefront_code="tmall")
    again = join_by_phone(
        merchant_id=merchant_id,
        programme=programme,
        phone=f"+86 {phone[:3]} {phone[3:7]} {phone[7:]}",
        source=online,
        now=NOW + timedelta(days=3),
    )

    assert (again.is_new, again.is_new_card) == (False, False)
    assert (again.member.id, again.card.number) == (old.member.id, old.card.number)
    assert again.card.tier == "gold"
    points = points_of(merchant_id=merchant_id, programme=programme, member_id=again.member.id)
    assert points == 120
    (credit,) = membership.attributions_of(merchant_id=merchant_id, member_id=old.member.id)
    assert credit.kind == "till"


def test_a_new_number_makes_a_new_member(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    first = join_by_phone(merchant_id=merchant_id, programme=programme, phone=new_phone())

    second = join_by_phone(merchant_id=merchant_id, programme=programme, phone=new_phone())

    assert second.is_new
    assert second.member.id != first.member.id


def test_who_had_left_is_back_with_the_old_card(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    phone = new_phone()
    old = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)
    membership.close_member(
        merchant_id=merchant_id, member_id=old.member.id, reason="asked", now=NOW
    )

    again = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)

    assert (again.is_new, again.is_new_card) == (False, False)
    assert (again.member.state, again.card.state) == ("active", "active")
    assert again.card.id == old.card.id
    told = facts_told(merchant_id=merchant_id, kind=MemberReopened)
    assert told == [MemberReopened(member_id=old.member.id)]
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_two_persons_who_turn_out_to_be_one_by_joining_are_one_member(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    phone, mail = new_phone(), customers.Identifier("email", "wang@example.com")
    by_phone = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)
    customers.resolve(
        merchant_id=merchant_id, identifiers=[mail], profile=None, source="test", now=NOW
    )

    again = membership.join(
        merchant_id=merchant_id,
        programme_code=programme.code,
        identifiers=[customers.Identifier("phone", phone), mail],
        profile=None,
        source=AT_THE_TILL,
        now=NOW,
    )

    assert (again.is_new, again.member.id) == (False, by_phone.member.id)
    assert Member.objects.of_merchant(merchant_id).count() == 1


def test_an_old_card_is_found_though_the_merge_has_not_been_told_yet(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    mail = customers.Identifier("email", "wang@example.com")
    older = customers.resolve(
        merchant_id=merchant_id, identifiers=[mail], profile=None, source="test", now=NOW
    )
    phone = new_phone()
    member = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)
    merge = customers.merge(
        merchant_id=merchant_id,
        first_id=older.person_id,
        second_id=member.member.person_id,
        reason="the same",
        now=NOW,
    )
    assert merge.gone_id == member.member.person_id

    again = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)

    assert (again.is_new, again.member.id) == (False, member.member.id)
    assert again.member.person_id == older.person_id
    assert len(facts_told(merchant_id=merchant_id, kind=MemberJoined)) == 1


def test_a_member_is_found_by_number_card_and_account(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, mine, phone = (
        make_shop(merchant_id=merchant_id, programme=programme),
        account(),
        new_phone(),
    )
    joined = membership.register(
        merchant_id=merchant_id, storefront_code=shop, phone=phone, identities=[mine], now=NOW
    ).joined
    join_by_phone(merchant_id=merchant_id, programme=programme, phone=new_phone())
    bound = customers.Identifier("storefront", mine.value, shop)

    asked = [
        {"phone": phone},
        {"card_number": f" {joined.card.number} "},
        {"member_number": joined.member.number.lower()},
        {"identities": [bound]},
    ]
    found = [
        membership.find_member(merchant_id=merchant_id, **each)  # type: ignore[arg-type]  # one each
        for each in asked
    ]

    assert found == [joined.member] * 4
    assert membership.find_member(merchant_id=merchant_id, phone=new_phone()) is None
    assert membership.find_member(merchant_id=merchant_id, card_number="nobody") is None
    assert membership.find_members(merchant_id=merchant_id) == []
