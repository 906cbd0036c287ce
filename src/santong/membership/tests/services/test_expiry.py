"""Points end, and somebody is told in time, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from santong.membership import public as membership
from santong.membership.events import PointsExpiring
from santong.membership.rules.expiry import notices
from santong.membership.tests.factories import NOW, facts_told, make_member, make_programme
from santong.membership.tests.points import (
    BASE_ONLY,
    Club,
    another_member,
    days,
    make_club,
    publish,
)
from santong.payments import public as payments

THIRTY_DAYS = replace(BASE_ONLY, expiry=membership.ExpiryTerms(months=2, reminder_days=(30, 7)))
ENDS_ON = date(2027, 1, 11)
ENDS_AT = NOW + days(62)


def expire(club: Club) -> int:
    return payments.expire_lots(
        merchant_id=club.merchant_id, asset=club.programme.points_asset, now=ENDS_AT, limit=100
    )


def remind(club: Club, days_before: int) -> int:
    at = NOW + days(61 - days_before)
    return membership.remind_of_expiry(merchant_id=club.merchant_id, now=at)


def test_points_end_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=THIRTY_DAYS)
    club.earn(100)
    club.burn(30)

    assert club.points(now=NOW + days(61)).available == 70
    assert club.points(now=ENDS_AT).available == 0
    assert [expire(club), expire(club)] == [1, 0]
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_each_notice_is_given_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=THIRTY_DAYS)
    club.earn(100)

    told = [remind(club, days_before) for days_before in (31, 30, 30, 29, 8, 7, 7, 6, 1, 0)]

    assert told == [0, 1, 0, 0, 0, 1, 0, 0, 0, 0]
    facts = facts_told(merchant_id=merchant_id, kind=PointsExpiring)
    assert [(fact.points, fact.expires_on, fact.days_before) for fact in facts] == [
        (100, ENDS_ON, 30),
        (100, ENDS_ON, 7),
    ]


def test_a_notice_that_was_missed_is_given_later(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=THIRTY_DAYS)
    club.earn(100)

    assert [remind(club, days_before) for days_before in (20, 3)] == [1, 1]


def test_who_has_spent_them_is_not_told(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=THIRTY_DAYS)
    friend = another_member(club)
    club.earn(100)
    friend.earn(40)
    club.burn(100)

    remind(club, 30)

    (fact,) = facts_told(merchant_id=merchant_id, kind=PointsExpiring)
    assert (fact.member_id, fact.points) == (friend.member_id, 40)


def test_a_pool_that_programmes_share_tells_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=THIRTY_DAYS)
    pool = membership.pool_by_code(merchant_id=merchant_id, code=club.programme.pool_code)
    other = make_programme(merchant_id=merchant_id, pool=pool)
    publish(merchant_id=merchant_id, programme=other, terms=THIRTY_DAYS)
    make_member(merchant_id=merchant_id, programme=other)
    club.earn(100)

    assert remind(club, 30) == 1


@pytest.mark.parametrize(
    ("reminder_days", "due"),
    [((), []), ((2,), [(1, 2), (2, 2)]), ((3, 1), [(1, 1), (2, 3), (3, 3)])],
)
def test_notices(reminder_days: tuple[int, ...], due: list[tuple[int, int]]) -> None:
    assert notices(membership.ExpiryTerms(reminder_days=reminder_days)) == due
