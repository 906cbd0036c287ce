"""Who is not seen for long is dormant, and awake when seen again."""

from __future__ import annotations

from datetime import timedelta

from santong.membership import public as membership
from santong.membership.contracts import Programme
from santong.membership.events import MemberDormant, MemberWoken
from santong.membership.tests.factories import (
    AT_THE_TILL,
    NOW,
    facts_told,
    make_member,
    make_programme,
)


def two_programmes(merchant_id: int) -> tuple[Programme, Programme]:
    return (
        make_programme(merchant_id=merchant_id, dormant_after_days=30),
        make_programme(merchant_id=merchant_id, dormant_after_days=90),
    )


def review(merchant_id: int, days: int, *, limit: int = 100) -> int:
    return membership.review_dormancy(
        merchant_id=merchant_id, limit=limit, now=NOW + timedelta(days=days)
    )


def states(merchant_id: int, member_id: int) -> tuple[str, ...]:
    member = membership.member_by_id(merchant_id=merchant_id, member_id=member_id)
    return (member.state, *(card.state for card in member.cards))


def test_each_programme_has_its_own_patience(merchant_id: int) -> None:
    short, long = two_programmes(merchant_id)
    member = make_member(merchant_id=merchant_id, programme=short, person_id=7).member
    card = make_member(merchant_id=merchant_id, programme=long, person_id=7).card

    found = [(review(merchant_id, days), states(merchant_id, member.id)) for days in (30, 31, 91)]

    assert found == [
        (0, ("active", "active", "active")),
        (1, ("active", "dormant", "active")),
        (1, ("dormant", "dormant", "dormant")),
    ]
    assert facts_told(merchant_id=merchant_id, kind=MemberDormant)[1] == MemberDormant(
        member_id=member.id,
        card_id=card.id,
        programme_id=long.id,
        programme_code=long.code,
        last_active_at=NOW,
    )
    assert review(merchant_id, 92) == 0
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_any_sign_wakes_and_is_told_once(merchant_id: int) -> None:
    short, _ = two_programmes(merchant_id)
    joined = make_member(merchant_id=merchant_id, programme=short)
    review(merchant_id, 31)

    for hours in (0, 1):
        membership.note_activity(
            merchant_id=merchant_id,
            member_id=joined.member.id,
            programme_id=short.id,
            at=NOW + timedelta(days=40, hours=hours),
            now=NOW + timedelta(days=40, hours=hours),
        )

    assert states(merchant_id, joined.member.id) == ("active", "active")
    assert facts_told(merchant_id=merchant_id, kind=MemberWoken) == [
        MemberWoken(member_id=joined.member.id, card_id=joined.card.id, programme_id=short.id)
    ]
    assert review(merchant_id, 70) == 0
    assert review(merchant_id, 71) == 1


def test_a_sign_that_is_older_than_what_is_known_changes_nothing(merchant_id: int) -> None:
    short, _ = two_programmes(merchant_id)
    joined = make_member(merchant_id=merchant_id, programme=short)

    membership.note_activity(
        merchant_id=merchant_id,
        member_id=joined.member.id,
        programme_id=short.id,
        at=NOW - timedelta(days=400),
        now=NOW,
    )

    member = membership.member_by_id(merchant_id=merchant_id, member_id=joined.member.id)
    assert member.cards[0].last_active_at == NOW


def test_a_review_takes_no_more_than_its_limit_the_longest_asleep_first(merchant_id: int) -> None:
    short, _ = two_programmes(merchant_id)
    joined = [
        membership.enrol(
            merchant_id=merchant_id,
            programme_code=short.code,
            person_id=100 + days,
            source=AT_THE_TILL,
            now=NOW - timedelta(days=days),
        ).member.id
        for days in (1, 3, 2)
    ]

    assert review(merchant_id, 31, limit=2) == 2

    assert [states(merchant_id, each)[0] for each in joined] == ["active", "dormant", "dormant"]
