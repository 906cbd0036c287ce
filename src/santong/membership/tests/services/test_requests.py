"""Points given, taken and handed on by hand: asked for by one, decided by another."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership
from santong.membership.models import PointsRequest
from santong.membership.rules.lots import cut
from santong.membership.tests.factories import NOW
from santong.membership.tests.points import BASE_ONLY, Club, another_member, days, make_club

LIMITED = replace(BASE_ONLY, transfer=membership.TransferTerms(per_day_max=500, approval_above=100))


def as_staff(name: str) -> AbstractContextManager[Any]:
    return tenancy.acting_as(tenancy.Actor(kind="staff", id=name, name=name))


def correct(club: Club, points: int, *, key: str = "c-1") -> membership.PointsRequest:
    with as_staff("li"):
        return membership.request_correction(
            merchant_id=club.merchant_id,
            source="console",
            key=key,
            member_id=club.member_id,
            programme_code=club.programme.code,
            points=points,
            reason="a parcel was late",
            now=NOW,
        )


def approve(
    club: Club, request: membership.PointsRequest, *, by: str = "wang"
) -> membership.PointsRequest:
    with as_staff(by):
        return membership.approve_request(
            merchant_id=club.merchant_id, request_id=request.id, reason="agreed", now=NOW
        )


def hand_on(club: Club, to: Club, points: int, *, key: str = "t-1") -> membership.PointsRequest:
    with as_staff("li"):
        return membership.transfer(
            merchant_id=club.merchant_id,
            source="app",
            key=key,
            member_id=club.member_id,
            to_member_id=to.member_id,
            programme_code=club.programme.code,
            points=points,
            reason="a present",
            now=NOW,
        )


def test_a_correction_moves_points_when_another_person_has_agreed(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)

    asked = correct(club, 80)
    before = club.points().available
    posted = approve(club, asked)

    assert (asked.state, before) == ("requested", 0)
    assert (posted.state, posted.requested_by, posted.decided_by) == (
        "posted",
        "staff:li",
        "staff:wang",
    )
    assert club.points().available == 80
    trail = audit.trail_of(
        merchant_id=merchant_id, subject="points_request", subject_ids=[asked.id]
    )
    assert [(line.action, line.actor_name, line.reason) for line in trail] == [
        ("membership.request_correction", "li", "a parcel was late"),
        ("membership.correction_posted", "wang", "agreed"),
    ]


def test_nobody_approves_or_rejects_what_they_have_asked_for(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    asked = correct(club, 80)

    with pytest.raises(membership.OwnRequest), transaction.atomic():
        approve(club, asked, by="li")
    with pytest.raises(membership.OwnRequest), transaction.atomic(), as_staff("li"):
        membership.reject_request(
            merchant_id=merchant_id, request_id=asked.id, reason="no", now=NOW
        )

    assert club.points().available == 0


def test_the_database_does_not_let_them_either(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    asked = correct(club, 80)

    with pytest.raises(IntegrityError, match="nobody_approves_their_own_request"):
        PointsRequest.objects.filter(id=asked.id).update(
            state="posted", decided_by="staff:li", decided_at=NOW
        )


def test_a_request_is_decided_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    asked = correct(club, 80)
    with as_staff("wang"):
        rejected = membership.reject_request(
            merchant_id=merchant_id, request_id=asked.id, reason="no", now=NOW
        )

    assert rejected.state == "rejected"
    with pytest.raises(membership.RequestDecided):
        approve(club, asked)


def test_points_are_taken_as_far_as_they_are_there(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)

    approve(club, correct(club, -60))
    with pytest.raises(membership.TooFewPoints), transaction.atomic():
        approve(club, correct(club, -60, key="c-2"))

    assert club.points().available == 40


def test_points_that_are_given_pay_first_what_is_owed(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=replace(BASE_ONLY, claw_back="negative"))
    bought = club.earn(100)
    club.burn(100)
    club.give_back_goods(bought, {1: 1})

    approve(club, correct(club, 130))

    assert club.points() == membership.PointsShown(available=30, pending=0, debt=0)


def test_the_same_request_again_is_the_first_one(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)

    first, again = correct(club, 80), correct(club, 80)

    assert first == again
    with pytest.raises(membership.PointsKeyTaken), transaction.atomic():
        correct(club, 90)
    with pytest.raises(FieldInvalid):
        correct(club, 0, key="c-2")


def test_points_go_over_at_once_with_the_ends_that_they_have(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=LIMITED)
    friend = another_member(club)
    club.earn(60)
    club.earn(60, now=NOW + days(30))

    handed = hand_on(club, friend, 80)

    assert handed.state == "posted"
    assert (club.points().available, friend.points().available) == (40, 80)
    # The friend's first sixty end with the giver's first purchase.
    assert friend.points(now=NOW + days(367)).available == 20
    assert friend.points(now=NOW + days(397)).available == 0


def test_many_points_wait_for_somebody_to_agree_and_count_for_the_day(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=LIMITED)
    friend = another_member(club)
    club.earn(1_000)

    asked = hand_on(club, friend, 401)
    with pytest.raises(membership.TransferLimit) as refused, transaction.atomic():
        hand_on(club, friend, 100, key="t-2")
    before = friend.points().available
    approve(club, asked)

    assert (asked.state, before, refused.value.left) == ("requested", 0, 99)
    assert friend.points().available == 401


def test_where_nothing_is_said_nothing_is_handed_on(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)

    with pytest.raises(membership.TransferLimit):
        hand_on(club, another_member(club), 1)


def test_a_transfer_needs_points_and_somebody_else(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=LIMITED)
    friend = another_member(club)

    with pytest.raises(membership.TooFewPoints), transaction.atomic():
        hand_on(club, friend, 1)
    with pytest.raises(FieldInvalid):
        hand_on(club, club, 1)


@given(
    lots=st.lists(st.tuples(st.none() | st.integers(-5, 50), st.integers(0, 100)), max_size=9),
    data=st.data(),
)
def test_parts_of_lots_are_what_was_wanted_and_nothing_that_has_ended(
    lots: list[tuple[int | None, int]], data: st.DataObject
) -> None:
    ends = [(None if end is None else NOW + days(end), free) for end, free in lots]
    there = sum(free for end, free in ends if end is None or end > NOW)
    wanted = data.draw(st.integers(0, there))

    parts = cut(ends, wanted=wanted, now=NOW)

    assert sum(amount for _, amount in parts) == wanted
    assert all(end is None or end > NOW for end, _ in parts)
