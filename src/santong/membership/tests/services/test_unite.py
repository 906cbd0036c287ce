"""Two members of one person are one, and two again exactly as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from santong.customers import public as customers
from santong.membership import public as membership
from santong.membership.contracts import Binding, Member, Programme
from santong.membership.events import MembersMerged, MembersParted
from santong.membership.jobs import let_points_follow
from santong.membership.tests.factories import (
    AT_THE_TILL,
    NOW,
    account,
    facts_told,
    give_points,
    hear,
    join_by_phone,
    lots_of,
    make_pool,
    make_programme,
    make_shop,
    new_phone,
    points_of,
)
from santong.payments import public as payments

SOON = NOW + timedelta(days=10)
LATE = NOW + timedelta(days=300)


def merged(merchant_id: int, one: Member, other: Member) -> customers.Merge:
    """Two persons are one, and membership has heard of it; twice, as facts may come twice."""
    merge = customers.merge(
        merchant_id=merchant_id,
        first_id=one.person_id,
        second_id=other.person_id,
        reason="the same",
        now=NOW,
    )
    fact = customers_fact("PersonsMerged", merge)
    hear(fact, merchant_id=merchant_id)
    hear(fact, merchant_id=merchant_id)
    return merge


def undone(merchant_id: int, merge: customers.Merge) -> None:
    customers.undo_merge(merchant_id=merchant_id, merge_id=merge.id, reason="two", now=NOW)
    fact = customers_fact("MergeUndone", merge)
    hear(fact, merchant_id=merchant_id)
    hear(fact, merchant_id=merchant_id)


def customers_fact(name: str, merge: customers.Merge) -> object:
    from santong.customers import events  # noqa: PLC0415

    kind = getattr(events, name)
    return kind(kept_id=merge.kept_id, gone_id=merge.gone_id, merge_id=merge.id)


Look = tuple[Member, list[Binding], list[tuple[int, datetime | None]]]


def look(merchant_id: int, programme: Programme, member: Member) -> Look:
    """All that membership knows of a member."""
    return (
        membership.member_by_id(merchant_id=merchant_id, member_id=member.id),
        membership.bindings_of(merchant_id=merchant_id, member_id=member.id),
        lots_of(merchant_id=merchant_id, programme=programme, member_id=member.id),
    )


def test_the_older_carries_on_with_all_cards_accounts_and_points(merchant_id: int) -> None:
    pool = make_pool(merchant_id=merchant_id)
    spring, autumn = (make_programme(merchant_id=merchant_id, pool=pool) for _ in range(2))
    shop, mine = make_shop(merchant_id=merchant_id, programme=spring), account()
    phone, other = new_phone(), new_phone()
    old = join_by_phone(merchant_id=merchant_id, programme=spring, phone=phone)
    new = join_by_phone(
        merchant_id=merchant_id, programme=spring, phone=other, now=NOW + timedelta(days=1)
    )
    extra = join_by_phone(
        merchant_id=merchant_id, programme=autumn, phone=other, now=NOW + timedelta(days=1)
    )
    membership.bind(
        merchant_id=merchant_id, storefront_code=shop, phone=other, identities=[mine], now=NOW
    )
    for member, points, ends in ((old, 5, None), (new, 10, SOON), (new, 20, LATE)):
        give_points(
            merchant_id=merchant_id,
            programme=spring,
            member_id=member.member.id,
            points=points,
            expires_at=ends,
        )
    before = [look(merchant_id, spring, each.member) for each in (old, new)]

    merge = merged(merchant_id, old.member, new.member)

    kept, bindings, lots = look(merchant_id, spring, old.member)
    assert [(card.number, card.state) for card in kept.cards] == [
        (old.card.number, "active"),
        (new.card.number, "merged"),
        (extra.card.number, "active"),
    ]
    assert [binding.state for binding in bindings] == ["bound"]
    assert lots == [(10, SOON), (20, LATE), (5, None)]
    gone = membership.member_by_id(merchant_id=merchant_id, member_id=new.member.id)
    assert (gone.state, gone.cards) == ("merged", ())
    assert points_of(merchant_id=merchant_id, programme=spring, member_id=gone.id) == 0
    for asked in ({"phone": phone}, {"phone": other}, {"card_number": new.card.number}):
        assert membership.find_member(merchant_id=merchant_id, **asked) == kept  # type: ignore[arg-type]  # one each
    numbered = membership.member_of_number(merchant_id=merchant_id, number=gone.number)
    assert numbered == kept
    assert facts_told(merchant_id=merchant_id, kind=MembersMerged) == [
        MembersMerged(kept_id=kept.id, gone_id=gone.id, merge_id=merge.id)
    ]
    assert membership.check_invariants(merchant_id=merchant_id) == []

    undone(merchant_id, merge)

    assert [look(merchant_id, spring, each.member) for each in (old, new)] == before
    assert facts_told(merchant_id=merchant_id, kind=MembersParted) == [
        MembersParted(kept_id=kept.id, gone_id=gone.id, merge_id=merge.id)
    ]
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_the_older_member_carries_on_though_the_person_is_the_younger(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    first = join_by_phone(
        merchant_id=merchant_id,
        programme=programme,
        phone=new_phone(),
        now=NOW + timedelta(days=1),
    ).member
    second = join_by_phone(merchant_id=merchant_id, programme=programme, phone=new_phone()).member
    assert first.person_id < second.person_id

    merge = merged(merchant_id, first, second)

    assert membership.current_member_ids(
        merchant_id=merchant_id, member_ids=[first.id, second.id]
    ) == {first.id: second.id, second.id: second.id}
    found = membership.member_of_person(merchant_id=merchant_id, person_id=first.person_id)
    assert found is not None
    assert found.id == second.id

    undone(merchant_id, merge)

    for member in (first, second):
        assert membership.member_by_id(merchant_id=merchant_id, member_id=member.id) == member


def test_a_member_who_has_not_left_carries_on(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    old, new = (
        join_by_phone(
            merchant_id=merchant_id,
            programme=programme,
            phone=new_phone(),
            now=NOW + timedelta(days=days),
        ).member
        for days in (0, 1)
    )
    closed = membership.close_member(
        merchant_id=merchant_id, member_id=old.id, reason="asked", now=NOW
    )

    merge = merged(merchant_id, old, new)

    kept = membership.member_by_id(merchant_id=merchant_id, member_id=new.id)
    assert (kept.state, [card.state for card in kept.cards]) == ("active", ["merged", "active"])
    assert membership.check_invariants(merchant_id=merchant_id) == []
    undone(merchant_id, merge)
    assert membership.member_by_id(merchant_id=merchant_id, member_id=old.id) == closed


def test_a_card_that_moves_wakes_who_slept_until_it_is_given_back(merchant_id: int) -> None:
    short = make_programme(merchant_id=merchant_id, dormant_after_days=30)
    long = make_programme(merchant_id=merchant_id, dormant_after_days=900)
    old = join_by_phone(merchant_id=merchant_id, programme=short, phone=new_phone()).member
    new = join_by_phone(
        merchant_id=merchant_id, programme=long, phone=new_phone(), now=NOW + timedelta(days=1)
    ).member
    membership.review_dormancy(merchant_id=merchant_id, limit=10, now=NOW + timedelta(days=40))

    merge = merged(merchant_id, old, new)
    awake = membership.member_by_id(merchant_id=merchant_id, member_id=old.id)
    undone(merchant_id, merge)
    asleep = membership.member_by_id(merchant_id=merchant_id, member_id=old.id)

    assert (awake.state, asleep.state) == ("active", "dormant")
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_a_person_who_becomes_a_member_takes_the_membership_along_and_back(
    merchant_id: int,
) -> None:
    programme = make_programme(merchant_id=merchant_id)
    stranger = customers.resolve(
        merchant_id=merchant_id,
        identifiers=[customers.Identifier("email", "wang@example.com")],
        profile=None,
        source="test",
        now=NOW,
    ).person_id
    member = join_by_phone(merchant_id=merchant_id, programme=programme, phone=new_phone()).member

    merge = merged(merchant_id, replace(member, person_id=stranger), member)

    found = membership.member_of_person(merchant_id=merchant_id, person_id=stranger)
    assert found == replace(member, person_id=stranger)
    undone(merchant_id, merge)
    assert membership.member_of_person(merchant_id=merchant_id, person_id=stranger) is None
    assert membership.member_by_id(merchant_id=merchant_id, member_id=member.id) == member


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_merges_are_undone_in_any_order(merchant_id: int, order: tuple[int, int]) -> None:
    programme = make_programme(merchant_id=merchant_id)
    people = [
        join_by_phone(
            merchant_id=merchant_id,
            programme=programme,
            phone=new_phone(),
            now=NOW + timedelta(days=days),
        ).member
        for days in (1, 0, 2)
    ]
    for member, points in zip(people, (1, 20, 300), strict=True):
        give_points(
            merchant_id=merchant_id,
            programme=programme,
            member_id=member.id,
            points=points,
            expires_at=LATE,
        )
    before = [look(merchant_id, programme, each) for each in people]
    merges = [
        merged(merchant_id, people[1], people[2]),
        merged(merchant_id, people[0], people[1]),
    ]
    together = points_of(merchant_id=merchant_id, programme=programme, member_id=people[1].id)

    for place in order:
        undone(merchant_id, merges[place])
        assert membership.check_invariants(merchant_id=merchant_id) == []

    assert together == 321
    assert [look(merchant_id, programme, each) for each in people] == before


def test_what_was_spent_after_the_merge_is_not_given_back(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    old, new = (
        join_by_phone(
            merchant_id=merchant_id,
            programme=programme,
            phone=new_phone(),
            now=NOW + timedelta(days=days),
        ).member
        for days in (0, 1)
    )
    for member, points, ends in ((old, 5, LATE), (new, 10, SOON), (new, 20, LATE)):
        give_points(
            merchant_id=merchant_id,
            programme=programme,
            member_id=member.id,
            points=points,
            expires_at=ends,
        )
    merge = merged(merchant_id, old, new)
    spend(merchant_id, programme, old, 32)

    undone(merchant_id, merge)

    assert points_of(merchant_id=merchant_id, programme=programme, member_id=old.id) == 0
    lots = lots_of(merchant_id=merchant_id, programme=programme, member_id=new.id)
    assert lots == [(3, SOON)]


def test_what_is_held_follows_when_it_is_free(merchant_id: int) -> None:
    programme = make_programme(merchant_id=merchant_id)
    old, new = (
        join_by_phone(
            merchant_id=merchant_id,
            programme=programme,
            phone=new_phone(),
            now=NOW + timedelta(days=days),
        ).member
        for days in (0, 1)
    )
    give_points(
        merchant_id=merchant_id, programme=programme, member_id=new.id, points=10, expires_at=LATE
    )
    key = payments.AccountKey(programme.points_asset, "available", new.owner)
    held = payments.hold(
        merchant_id=merchant_id,
        source="test",
        key="cart",
        account=key,
        amount=4,
        expires_at=SOON,
        now=NOW,
    )

    merge = merged(merchant_id, old, new)
    at_once = points_of(merchant_id=merchant_id, programme=programme, member_id=old.id)
    nothing = let_points_follow(merchant_id=merchant_id, now=NOW)
    payments.release(merchant_id=merchant_id, hold_id=held.id, reason="left", now=NOW)
    later = [let_points_follow(merchant_id=merchant_id, now=NOW) for _ in range(2)]

    assert (at_once, nothing, later) == (6, 0, [1, 0])
    assert lots_of(merchant_id=merchant_id, programme=programme, member_id=old.id) == [
        (6, LATE),
        (4, LATE),
    ]
    undone(merchant_id, merge)
    assert points_of(merchant_id=merchant_id, programme=programme, member_id=old.id) == 0
    assert points_of(merchant_id=merchant_id, programme=programme, member_id=new.id) == 10


def test_who_joins_before_the_fact_of_the_undone_merge_is_heard_finds_the_old_card(
    merchant_id: int,
) -> None:
    programme = make_programme(merchant_id=merchant_id)
    phone = new_phone()
    old = join_by_phone(merchant_id=merchant_id, programme=programme, phone=new_phone()).member
    new = join_by_phone(
        merchant_id=merchant_id, programme=programme, phone=phone, now=NOW + timedelta(days=1)
    ).member
    merge = merged(merchant_id, old, new)
    customers.undo_merge(merchant_id=merchant_id, merge_id=merge.id, reason="two", now=NOW)

    again = membership.join(
        merchant_id=merchant_id,
        programme_code=programme.code,
        identifiers=[customers.Identifier("phone", phone)],
        profile=None,
        source=AT_THE_TILL,
        now=NOW,
    )

    assert (again.is_new, again.member.id) == (False, new.id)


def spend(merchant_id: int, programme: Programme, member: Member, points: int) -> None:
    asset = programme.points_asset
    txn = payments.NewTxn(
        key="spent",
        kind="burn",
        entries=(
            payments.NewEntry(payments.AccountKey(asset, "available", member.owner), -points),
            payments.NewEntry(payments.AccountKey(asset, "redeemed", "pool"), points),
        ),
        occurred_at=NOW,
    )
    payments.post(merchant_id=merchant_id, source="test", txn=txn, now=NOW)
