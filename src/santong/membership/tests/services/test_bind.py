"""An account on a storefront shows one member, from when it is bound until it is not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from santong.customers import public as customers
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.events import MemberBound, MemberUnbound
from santong.membership.models import Binding, Card
from santong.membership.tests.factories import (
    NOW,
    account,
    facts_told,
    give_points,
    join_by_phone,
    make_programme,
    make_shop,
    new_phone,
)

LATER = NOW + timedelta(hours=1)


def query(merchant_id: int, shop: str, phone: str, *identities: customers.Identifier) -> str:
    answer = membership.bind_query(
        merchant_id=merchant_id,
        storefront_code=shop,
        phone=phone,
        identities=identities,
        now=NOW,
    )
    return answer.kind


def bind(
    merchant_id: int, shop: str, phone: str, identity: customers.Identifier
) -> membership.Bound:
    return membership.bind(
        merchant_id=merchant_id, storefront_code=shop, phone=phone, identities=[identity], now=NOW
    )


def test_query_match_and_bind_show_the_old_card_with_tier_and_points(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, phone, mine = (
        make_shop(merchant_id=merchant_id, programme=programme),
        new_phone(),
        account(),
    )
    old = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)
    Card.objects.filter(id=old.card.id).update(tier="gold", tier_since=NOW)
    give_points(merchant_id=merchant_id, programme=programme, member_id=old.member.id, points=30)

    answer = membership.bind_query(
        merchant_id=merchant_id, storefront_code=shop, phone=phone, identities=[mine], now=NOW
    )
    bound = bind(merchant_id, shop, phone, mine)

    assert answer == membership.BindAnswer(
        kind="bindable",
        member=membership.MemberSummary(
            member_id=old.member.id,
            member_number=old.member.number,
            card_number=old.card.number,
            tier="gold",
            points=30,
        ),
    )
    assert (bound.member.id, bound.is_new, bound.binding.state) == (old.member.id, True, "bound")
    assert query(merchant_id, shop, phone, mine) == "already_bound"
    assert facts_told(merchant_id=merchant_id, kind=MemberBound) == [
        MemberBound(
            member_id=old.member.id,
            binding_id=bound.binding.id,
            storefront_code=shop,
            programme_id=programme.id,
        )
    ]
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_a_mixed_number_finds_the_same_member(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop = make_shop(merchant_id=merchant_id, programme=programme)
    customers.set_mix_key(merchant_id=merchant_id, scope="tmall", key="Ab3dE9", now=NOW)
    old = join_by_phone(merchant_id=merchant_id, programme=programme, phone="13800000000")

    answer = membership.bind_query(
        merchant_id=merchant_id,
        storefront_code=shop,
        mix_mobile="87ed83b244dc2a60dfa8b9725172e10f",
        mix_scope="tmall",
        now=NOW,
    )

    assert answer.kind == "bindable"
    assert answer.member is not None
    assert answer.member.member_id == old.member.id


def test_bound_twice_is_bound_once(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, phone, mine = (
        make_shop(merchant_id=merchant_id, programme=programme),
        new_phone(),
        account(),
    )
    join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone)
    first = bind(merchant_id, shop, phone, mine)

    second = bind(merchant_id, shop, phone, mine)

    assert (second.is_new, second.binding) == (False, first.binding)
    assert len(facts_told(merchant_id=merchant_id, kind=MemberBound)) == 1


def test_nobody_is_bound_who_is_no_member_of_this_brand(merchant_id: int) -> None:
    spring, autumn = (make_programme(merchant_id=merchant_id) for _ in range(2))
    shop, phone = make_shop(merchant_id=merchant_id, programme=autumn), new_phone()
    join_by_phone(merchant_id=merchant_id, programme=spring, phone=phone)

    assert query(merchant_id, shop, phone) == "none"
    assert query(merchant_id, shop, new_phone()) == "none"
    with pytest.raises(membership.NotAMember), transaction.atomic():
        bind(merchant_id, shop, phone, account())
    assert not Binding.objects.of_merchant(merchant_id).exists()


def test_an_account_of_somebody_else_is_not_bound(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, mine = make_shop(merchant_id=merchant_id, programme=programme), account()
    phone, other = new_phone(), new_phone()
    for each in (phone, other):
        join_by_phone(merchant_id=merchant_id, programme=programme, phone=each)
    first = bind(merchant_id, shop, phone, mine)

    assert query(merchant_id, shop, other, mine) == "already_bound"
    with pytest.raises(membership.IdentityBound), transaction.atomic():
        bind(merchant_id, shop, other, mine)
    with pytest.raises(membership.AlreadyBound), transaction.atomic():
        bind(merchant_id, shop, phone, account())

    assert Binding.objects.of_merchant(merchant_id).get().id == first.binding.id


def test_unbound_it_may_be_bound_to_somebody_else_and_nobody_is_merged(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, mine = make_shop(merchant_id=merchant_id, programme=programme), account()
    phone, other = new_phone(), new_phone()
    old, new = (
        join_by_phone(merchant_id=merchant_id, programme=programme, phone=each).member
        for each in (phone, other)
    )
    first = bind(merchant_id, shop, phone, mine)

    unbound = [
        membership.unbind(
            merchant_id=merchant_id,
            storefront_code=shop,
            identities=[mine],
            reason="shopper asked",
            now=LATER,
        )
        for _ in range(2)
    ]
    second = bind(merchant_id, shop, other, mine)

    assert unbound == [True, False]
    assert second.member.id == new.id
    (history,) = membership.bindings_of(merchant_id=merchant_id, member_id=old.id)
    assert (history.state, history.unbound_at) == ("unbound", LATER)
    assert membership.find_member(merchant_id=merchant_id, phone=phone) == old
    told = facts_told(merchant_id=merchant_id, kind=MemberUnbound)
    assert told == [
        MemberUnbound(member_id=old.id, binding_id=first.binding.id, storefront_code=shop)
    ]
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_a_second_account_of_a_shop_is_bound_after_the_first_and_makes_nobody_new(
    merchant_id: int,
) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, phone = make_shop(merchant_id=merchant_id, programme=programme), new_phone()
    first, second = account(), account()
    old = membership.register(
        merchant_id=merchant_id, storefront_code=shop, phone=phone, identities=[first], now=NOW
    ).joined
    membership.unbind(
        merchant_id=merchant_id, storefront_code=shop, identities=[first], reason="new", now=NOW
    )

    again = membership.register(
        merchant_id=merchant_id, storefront_code=shop, phone=phone, identities=[second], now=NOW
    )

    assert (again.joined.is_new, again.is_new_binding) == (False, True)
    assert again.joined.member.id == old.member.id
    found = membership.find_members(merchant_id=merchant_id, phone=phone)
    assert [member.id for member in found] == [old.member.id]


def test_a_member_who_leaves_is_bound_nowhere(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    phone = new_phone()
    shops = [make_shop(merchant_id=merchant_id, programme=programme) for _ in range(2)]
    old = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone).member
    for shop in shops:
        bind(merchant_id, shop, phone, account())

    closed = [
        membership.close_member(
            merchant_id=merchant_id, member_id=old.id, reason="asked", now=LATER
        ).state
        for _ in range(2)
    ]
    reopened = membership.reopen_member(
        merchant_id=merchant_id, member_id=old.id, reason="came back", now=LATER
    )

    assert closed == ["closed", "closed"]
    assert (reopened.state, reopened.cards[0].state) == ("active", "active")
    states = [b.state for b in membership.bindings_of(merchant_id=merchant_id, member_id=old.id)]
    assert states == ["unbound", "unbound"]
    assert query(merchant_id, shops[0], phone) == "bindable"
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_who_has_left_is_not_shown(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, phone = make_shop(merchant_id=merchant_id, programme=programme), new_phone()
    old = join_by_phone(merchant_id=merchant_id, programme=programme, phone=phone).member
    membership.close_member(merchant_id=merchant_id, member_id=old.id, reason="asked", now=NOW)

    assert query(merchant_id, shop, phone) == "none"


def test_who_registers_is_a_member_and_bound(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop, phone, mine = (
        make_shop(merchant_id=merchant_id, programme=programme),
        new_phone(),
        account(),
    )

    done = [
        membership.register(
            merchant_id=merchant_id, storefront_code=shop, phone=phone, identities=[mine], now=NOW
        )
        for _ in range(2)
    ]

    assert [(each.joined.is_new, each.is_new_binding) for each in done] == [
        (True, True),
        (False, False),
    ]
    member_id = done[0].joined.member.id
    (credit,) = membership.attributions_of(merchant_id=merchant_id, member_id=member_id)
    assert (credit.kind, credit.storefront_code, credit.channel) == (
        "storefront",
        shop,
        "marketplace",
    )
    assert done[0].binding == done[1].binding


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "", "mix_mobile": ""},
        {"phone": "13800000000", "mix_mobile": "87ed83b244dc2a60dfa8b9725172e10f"},
        {"identities": []},
        {"identities": [customers.Identifier("phone", "13800000000")]},
        {"identities": [customers.Identifier("storefront", "\0", "shop")]},
        {"identities": [customers.Identifier("union", "u1", "brand")]},
    ],
)
def test_what_makes_no_sense_is_refused(merchant_id: int, wrong: dict[str, object]) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop = make_shop(merchant_id=merchant_id, programme=programme)
    asked = {"phone": "13800000000", "identities": [account()], **wrong}

    with pytest.raises(FieldInvalid):
        membership.bind(
            merchant_id=merchant_id,
            storefront_code=shop,
            now=NOW,
            **asked,  # type: ignore[arg-type]  # one of them is wrong on purpose
        )


def test_a_storefront_without_a_programme_binds_nobody(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    shop = make_shop(merchant_id=merchant_id, programme=programme)
    found = membership.programme_of_storefront(merchant_id=merchant_id, storefront_code=shop)

    assert found == programme
    with pytest.raises(NoSuch), transaction.atomic():
        query(merchant_id, "nowhere", new_phone())
