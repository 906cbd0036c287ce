"""Joining, binding, leaving, sleeping, merging at once: as if one had come after the other."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from santong.customers import events as customers_events
from santong.customers import public as customers
from santong.kernel import tenancy
from santong.kernel.errors import Busy
from santong.membership import public as membership
from santong.membership.contracts import Member, Programme
from santong.membership.events import MemberBound, MemberJoined
from santong.membership.tests.factories import (
    AT_THE_TILL,
    NOW,
    account,
    facts_told,
    give_points,
    hear,
    join_by_phone,
    make_programme,
    make_shop,
    new_phone,
    points_of,
)
from santong.membership.tests.test_races import ROUNDS, AtOnce, assert_sound, in_scope

REFUSALS = (
    Busy,
    membership.AlreadyBound,
    membership.IdentityBound,
    membership.MemberEnded,
    membership.NotAMember,
    customers.IdentifierTaken,
)


def set_up(merchant: int, members: int) -> tuple[Programme, str, list[str], list[Member]]:
    """A programme with a shop, and members with their numbers."""
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant, dormant_after_days=30)
        shop = make_shop(merchant_id=merchant, programme=programme)
        phones = [new_phone() for _ in range(members)]
        joined = [
            join_by_phone(merchant_id=merchant, programme=programme, phone=phone).member
            for phone in phones
        ]
    return programme, shop, phones, joined


def assert_only_refusals(results: list[Any]) -> None:
    surprises = [r for r in results if isinstance(r, Exception) and not isinstance(r, REFUSALS)]
    assert surprises == []


def refusals(results: list[Any]) -> int:
    return sum(isinstance(result, REFUSALS) for result in results)


def join(merchant: int, programme: Programme, phone: str) -> Callable[[], Any]:
    return in_scope(
        merchant,
        membership.join,
        programme_code=programme.code,
        identifiers=[customers.Identifier("phone", phone)],
        profile=None,
        source=AT_THE_TILL,
    )


def bind(merchant: int, shop: str, phone: str, name: customers.Identifier) -> Callable[[], Any]:
    return in_scope(merchant, membership.bind, storefront_code=shop, phone=phone, identities=[name])


def unbind(merchant: int, shop: str, name: customers.Identifier) -> Callable[[], Any]:
    return in_scope(
        merchant, membership.unbind, storefront_code=shop, identities=[name], reason="test"
    )


def close(merchant: int, member: Member) -> Callable[[], Any]:
    return in_scope(merchant, membership.close_member, member_id=member.id, reason="test")


def test_one_number_joined_by_twenty_at_once_is_one_member(merchant: int, at_once: AtOnce) -> None:
    programme, _, _, _ = set_up(merchant, 0)

    joined = at_once(*[join(merchant, programme, "13912345678") for _ in range(20)])

    assert [each for each in joined if isinstance(each, Exception)] == []
    assert len({(each.member.id, each.card.id) for each in joined}) == 1
    assert [each.is_new for each in joined].count(True) == 1
    with tenancy.scope(merchant_id=merchant):
        assert len(facts_told(merchant_id=merchant, kind=MemberJoined)) == 1
    assert_sound(merchant)


def test_one_account_bound_by_many_shows_one_of_them(merchant: int, at_once: AtOnce) -> None:
    _, shop, phones, members = set_up(merchant, 4)

    for _ in range(ROUNDS):
        mine = account()
        results = at_once(*[bind(merchant, shop, phone, mine) for phone in phones])

        assert_only_refusals(results)
        assert refusals(results) == len(members) - 1
        (winner,) = [each for each in results if not isinstance(each, Exception)]
        assert winner.is_new
        assert at_once(unbind(merchant, shop, mine)) == [True]
    assert_sound(merchant)


def test_one_member_bound_by_many_accounts_shows_under_one(merchant: int, at_once: AtOnce) -> None:
    _, shop, phones, _ = set_up(merchant, 1)

    for _ in range(ROUNDS):
        names = [account() for _ in range(4)]
        results = at_once(*[bind(merchant, shop, phones[0], name) for name in names])

        assert_only_refusals(results)
        assert refusals(results) == len(names) - 1
        assert sorted(at_once(*[unbind(merchant, shop, name) for name in names])) == [
            False,
            False,
            False,
            True,
        ]
    assert_sound(merchant)


def test_the_same_account_bound_by_many_requests_is_bound_once(
    merchant: int, at_once: AtOnce
) -> None:
    _, shop, phones, _ = set_up(merchant, 1)

    for place in range(ROUNDS):
        mine = account()
        bound = at_once(*[bind(merchant, shop, phones[0], mine) for _ in range(6)])

        assert [each for each in bound if isinstance(each, Exception)] == []
        assert [each.is_new for each in bound].count(True) == 1
        assert len({each.binding.id for each in bound}) == 1
        unbound = at_once(*[unbind(merchant, shop, mine) for _ in range(6)])
        assert sorted(unbound) == [False] * 5 + [True]
        with tenancy.scope(merchant_id=merchant):
            assert len(facts_told(merchant_id=merchant, kind=MemberBound)) == place + 1
    assert_sound(merchant)


def test_one_shopper_registered_by_many_is_one_member_with_one_binding(
    merchant: int, at_once: AtOnce
) -> None:
    _, shop, _, _ = set_up(merchant, 0)

    for _ in range(ROUNDS):
        phone, mine = new_phone(), account()
        done = at_once(
            *[
                in_scope(
                    merchant,
                    membership.register,
                    storefront_code=shop,
                    phone=phone,
                    identities=[mine],
                )
                for _ in range(6)
            ]
        )

        assert [each for each in done if isinstance(each, Exception)] == []
        assert len({(each.joined.member.id, each.binding.id) for each in done}) == 1
        assert [each.is_new_binding for each in done].count(True) == 1
    assert_sound(merchant)


def test_who_leaves_is_bound_nowhere_whatever_comes_at_the_same_time(
    merchant: int, at_once: AtOnce
) -> None:
    programme, shop, phones, (member,) = set_up(merchant, 1)

    for _ in range(ROUNDS):
        results = at_once(
            close(merchant, member),
            bind(merchant, shop, phones[0], account()),
            join(merchant, programme, phones[0]),
            in_scope(merchant, membership.reopen_member, member_id=member.id, reason="test"),
            close(merchant, member),
        )

        assert_only_refusals(results)
        assert_sound(merchant)


def test_who_is_seen_while_others_are_put_to_sleep_is_awake(merchant: int, at_once: AtOnce) -> None:
    programme, _, _, members = set_up(merchant, 3)
    seen, *others = members

    for place in range(1, ROUNDS + 1):
        now = NOW + timedelta(days=100 * place)

        def at(command: Callable[..., Any], **named: Any) -> Callable[[], Any]:
            def run() -> Any:
                with tenancy.scope(merchant_id=merchant):
                    return command(merchant_id=merchant, now=now, **named)  # noqa: B023  run at once

            return run

        signs = {"member_id": seen.id, "programme_id": programme.id, "at": now}
        results = at_once(
            at(membership.review_dormancy, limit=10),
            at(membership.note_activity, **signs),
            at(membership.review_dormancy, limit=10),
            at(membership.note_activity, **signs),
        )

        assert [each for each in results if isinstance(each, Exception)] == []
        with tenancy.scope(merchant_id=merchant):
            found = membership.members_by_id(
                merchant_id=merchant, member_ids=[each.id for each in members]
            )
        assert found[seen.id].state == "active"
        assert {found[each.id].state for each in others} == {"dormant"}
        assert_sound(merchant)


def test_members_merged_and_parted_while_they_are_used_lose_nothing(
    merchant: int, at_once: AtOnce
) -> None:
    for way in itertools.islice(itertools.cycle(("merged", "undone")), ROUNDS):
        programme, shop, phones, members = set_up(merchant, 2)
        with tenancy.scope(merchant_id=merchant):
            for member in members:
                give_points(
                    merchant_id=merchant, programme=programme, member_id=member.id, points=10
                )
            merge = customers.merge(
                merchant_id=merchant,
                first_id=members[0].person_id,
                second_id=members[1].person_id,
                reason="the same",
                now=NOW,
            )
            told: dict[str, Any] = {
                "kept_id": merge.kept_id,
                "gone_id": merge.gone_id,
                "merge_id": merge.id,
            }
            if way == "undone":
                hear(customers_events.PersonsMerged(**told), merchant_id=merchant)
                customers.undo_merge(merchant_id=merchant, merge_id=merge.id, reason="two", now=NOW)
        kind = customers_events.PersonsMerged if way == "merged" else customers_events.MergeUndone
        fact = kind(**told)

        def heard() -> None:
            with tenancy.scope(merchant_id=merchant):
                hear(fact, merchant_id=merchant)  # noqa: B023  run at once

        results = at_once(
            heard,
            heard,
            join(merchant, programme, phones[0]),
            join(merchant, programme, phones[1]),
            bind(merchant, shop, phones[1], account()),
            close(merchant, members[0]),
        )

        assert_only_refusals(results)
        with tenancy.scope(merchant_id=merchant):
            points = [
                points_of(merchant_id=merchant, programme=programme, member_id=member.id)
                for member in members
            ]
            current = membership.current_member_ids(
                merchant_id=merchant, member_ids=[member.id for member in members]
            )
        assert sum(points) == 20
        assert sorted(points) == ([0, 20] if way == "merged" else [10, 10])
        assert len(set(current.values())) == (1 if way == "merged" else 2)
        assert_sound(merchant)
