"""Points at checkout, in the points shop, and what comes back of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.membership import public as membership
from santong.membership.events import PointsBurned
from santong.membership.models import Burn, Card
from santong.membership.subscribers import give_up_checkout
from santong.membership.tests.factories import NOW, facts_told
from santong.membership.tests.points import BASE_ONLY, WITH_TIERS, Club, days, make_club
from santong.payments import public as payments
from santong.payments.events import HoldExpired

QUARTER = NOW + timedelta(minutes=15)
HALF_OF_IT = replace(
    BASE_ONLY,
    burn=membership.BurnTerms(
        points_per_step=100, amount_per_step=100, min_points=200, max_percent=50
    ),
)


def quoted(club: Club, requested: int, amount_minor: int) -> membership.Quote:
    return membership.quote_burn(
        merchant_id=club.merchant_id,
        member_id=club.member_id,
        programme_code=club.programme.code,
        requested=requested,
        amount_minor=amount_minor,
        now=NOW,
    )


def hold(
    club: Club, requested: int, *, amount_minor: int = 100_000, key: str = "o-1"
) -> membership.Burned:
    return membership.hold_points(
        merchant_id=club.merchant_id,
        source="checkout",
        key=key,
        member_id=club.member_id,
        programme_code=club.programme.code,
        requested=requested,
        amount_minor=amount_minor,
        expires_at=QUARTER,
        now=NOW,
    )


def capture(club: Club, *, key: str = "o-1", now: datetime = NOW) -> membership.Burned:
    return membership.capture_points(
        merchant_id=club.merchant_id, source="checkout", key=key, now=now
    )


def release(club: Club, *, key: str = "o-1") -> membership.Burned:
    return membership.release_points(
        merchant_id=club.merchant_id, source="checkout", key=key, reason="left", now=NOW
    )


@pytest.mark.parametrize(
    ("requested", "amount_minor", "expected"),
    [
        (500, 100_000, membership.Quote(500, 500)),
        (550, 100_000, membership.Quote(500, 500)),
        (9_000, 100_000, membership.Quote(1_000, 1_000)),
        (1_000, 1_400, membership.Quote(700, 700)),
        (199, 100_000, membership.Quote(0, 0)),
    ],
)
def test_a_quote(
    merchant_id: int, requested: int, amount_minor: int, expected: membership.Quote
) -> None:
    club = make_club(merchant_id=merchant_id, terms=HALF_OF_IT)
    club.earn(1_050)

    assert quoted(club, requested, amount_minor) == expected


def test_the_same_points_are_worth_more_to_a_gold_member(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=WITH_TIERS)
    club.earn(1_000)
    values = []

    for tier in ("base", "silver", "gold"):
        Card.objects.filter(member=club.member_id).update(tier=tier)
        values.append(quoted(club, 100, 100_000).amount_minor)

    assert values == [100, 110, 125]


def test_held_points_cannot_be_spent_and_are_gone_when_the_checkout_is_paid(
    merchant_id: int,
) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)

    held = hold(club, 70)
    with pytest.raises(membership.TooFewPoints) as refused, transaction.atomic():
        club.burn(31)
    burned, again = capture(club), capture(club)

    assert (held.state, held.points, held.amount_minor) == ("held", 70, 70)
    assert (refused.value.wanted, refused.value.available) == (31, 30)
    assert (burned.state, burned.is_new, again.is_new) == ("burned", True, False)
    assert club.points().available == 30
    (told,) = facts_told(merchant_id=merchant_id, kind=PointsBurned)
    assert (told.points, told.kind) == (70, "checkout")


def test_released_points_can_be_spent_again(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)
    hold(club, 70)

    first, again = release(club), release(club)

    assert (first.state, again.state) == ("released", "released")
    assert club.points().available == 100
    with pytest.raises(membership.BurnEnded), transaction.atomic():
        capture(club)


def test_what_is_burned_is_not_released(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)
    hold(club, 70)
    capture(club)

    with pytest.raises(membership.BurnEnded):
        release(club)


def test_a_hold_whose_time_has_run_out_is_not_captured(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)
    hold(club, 70)

    with pytest.raises(membership.BurnEnded):
        capture(club, now=QUARTER)


def test_a_hold_asked_for_twice_is_held_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)

    first, again = hold(club, 70), hold(club, 70)

    assert replace(first, is_new=False) == again
    assert club.points().available == 30
    with pytest.raises(membership.PointsKeyTaken):
        hold(club, 60)


def test_nothing_is_held_where_nothing_may_be_used(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=HALF_OF_IT)
    club.earn(150)

    with pytest.raises(membership.TooFewPoints):
        hold(club, 150)


def test_points_that_end_first_are_spent_first(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)
    club.earn(100, now=NOW + days(30))

    club.burn(100, now=NOW + days(31))

    # The earlier ones would have ended after a year; what is left is of the later ones.
    assert club.points(now=NOW + days(367)).available == 100
    assert club.points(now=NOW + days(397)).available == 0


def test_a_burn_with_the_same_key_burns_once(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)

    first, again = club.burn(60, key="gift"), club.burn(60, key="gift")

    assert (first.is_new, again.is_new, first.id) == (True, False, again.id)
    assert club.points().available == 40
    with pytest.raises(membership.PointsKeyTaken):
        club.burn(50, key="gift")


def test_what_is_not_there_is_not_burned(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)

    with pytest.raises(membership.TooFewPoints), transaction.atomic():
        club.burn(101)

    assert club.points().available == 100


def test_a_burn_makes_sense(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)

    with pytest.raises(FieldInvalid), transaction.atomic():
        club.burn(0)
    with pytest.raises(FieldInvalid), transaction.atomic():
        club.burn(5, kind="gamble")
    with pytest.raises(NoSuch):
        capture(club, key="nobody's")


def give_back(
    club: Club, points: int, *, return_key: str = "r-1", now: datetime = NOW
) -> membership.Burned:
    return membership.give_back_points(
        merchant_id=club.merchant_id,
        source="shop",
        key="gift",
        return_key=return_key,
        points=points,
        reason="it came back",
        now=now,
    )


def test_points_come_back_with_the_ends_that_they_had(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)
    club.burn(80, key="gift")

    first, again = give_back(club, 30), give_back(club, 30)
    rest = give_back(club, 50, return_key="r-2")

    assert (first.given_back, again.given_back, rest.given_back) == (30, 30, 80)
    assert (first.is_new, again.is_new) == (True, False)
    assert club.points().available == 100
    assert club.points(now=NOW + days(367)).available == 0
    with pytest.raises(membership.MoreThanBurned) as refused:
        give_back(club, 1, return_key="r-3")
    assert refused.value.left == 0


@pytest.mark.parametrize(("grace_days", "left"), [(0, 0), (10, 80)])
def test_points_that_ended_meanwhile_come_back_for_the_days_of_grace(
    merchant_id: int, grace_days: int, left: int
) -> None:
    burning = replace(BASE_ONLY.burn, give_back_grace_days=grace_days)
    club = make_club(merchant_id=merchant_id, terms=replace(BASE_ONLY, burn=burning))
    club.earn(100)
    club.burn(80, key="gift")
    later = NOW + days(400)

    give_back(club, 80, now=later)

    assert club.points(now=later + days(9)).available == left
    assert club.points(now=later + days(11)).available == 0


def test_what_was_only_held_does_not_come_back(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)
    hold(club, 70)

    with pytest.raises(membership.BurnEnded):
        membership.give_back_points(
            merchant_id=merchant_id,
            source="checkout",
            key="o-1",
            return_key="r-1",
            points=1,
            reason="it came back",
            now=NOW,
        )


def test_a_checkout_whose_hold_has_run_out_is_given_up(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    club.earn(100)
    hold(club, 70)
    assert payments.expire_holds(merchant_id=merchant_id, now=QUARTER) == 1
    (expired,) = facts_told(merchant_id=merchant_id, kind=HoldExpired)

    for _ in range(2):
        give_up_checkout(expired, merchant_id=merchant_id, now=QUARTER)

    assert club.points().available == 100
    assert Burn.objects.get(merchant_id=merchant_id).state == "released"
    assert release(club).state == "released"
