"""Requests, ends, tiers and months, decided by several at once: real threads, real commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership
from santong.membership.tests.factories import NOW
from santong.membership.tests.points import (
    BASE_ONLY,
    WITH_TIERS,
    Club,
    another_member,
    days,
    publish,
)
from santong.membership.tests.races_of_points import (
    ROUNDS,
    AtOnce,
    assert_sound,
    in_scope,
    opened,
    refused,
    staff,
    stands,
)
from santong.payments import public as payments


def test_a_request_that_two_approve_at_once_moves_points_once(
    merchant: int, at_once: AtOnce
) -> None:
    club = opened(merchant)

    for number in range(ROUNDS):
        with tenancy.scope(merchant_id=merchant, actor=staff("li")):
            asked = membership.request_correction(
                merchant_id=merchant,
                source="console",
                key=f"c-{number}",
                member_id=club.member_id,
                programme_code=club.programme.code,
                points=10,
                reason="late",
                now=NOW,
            )
        decide: dict[str, Any] = {
            "merchant_id": merchant,
            "request_id": asked.id,
            "reason": "ok",
            "now": NOW,
        }
        results = at_once(
            in_scope(club, partial(membership.approve_request, **decide)),
            in_scope(club, partial(membership.approve_request, **decide)),
            in_scope(club, partial(membership.reject_request, **decide)),
        )

        assert refused(results, membership.RequestDecided) == 2
        (done,) = [result for result in results if not isinstance(result, Exception)]
        assert done.state in {"posted", "rejected"}
    with tenancy.scope(merchant_id=merchant):
        posted = membership.requests_page(
            merchant_id=merchant, state="posted", before_id=2**62, limit=99
        )
    assert stands(club).available == 10 * len(posted)
    assert_sound(club)


def test_two_who_hand_points_to_one_another_never_block_one_another(
    merchant: int, at_once: AtOnce
) -> None:
    generous = membership.TransferTerms(per_day_max=10_000, approval_above=10_000)
    club = opened(merchant, replace(BASE_ONLY, transfer=generous))
    with tenancy.scope(merchant_id=merchant):
        friend = another_member(club)
        club.earn(100)
        friend.earn(100)

    def hand_on(giver: Club, taker: Club, key: str) -> Callable[[], Any]:
        return in_scope(
            club,
            partial(
                membership.transfer,
                merchant_id=merchant,
                source="app",
                key=key,
                member_id=giver.member_id,
                to_member_id=taker.member_id,
                programme_code=club.programme.code,
                points=30,
                reason="present",
                now=NOW,
            ),
        )

    results = at_once(
        *[hand_on(club, friend, f"a-{number}") for number in range(5)],
        *[hand_on(friend, club, f"b-{number}") for number in range(5)],
    )

    assert refused(results, membership.TooFewPoints) < 10
    assert stands(club).available + stands(friend).available == 200
    assert_sound(club)


def test_points_that_end_and_are_burned_at_once_go_one_way(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant, replace(BASE_ONLY, expiry=membership.ExpiryTerms(months=1)))
    ends = NOW + days(31)
    with tenancy.scope(merchant_id=merchant):
        club.earn(100)
        club.earn(50, now=NOW + days(20))
    sweep = partial(
        payments.expire_lots,
        merchant_id=merchant,
        asset=club.programme.points_asset,
        now=ends,
        limit=10,
    )

    results = at_once(
        in_scope(club, sweep),
        in_scope(club, sweep),
        *[in_scope(club, partial(club.burn, 20, now=ends - days(1))) for _ in range(3)],
        *[in_scope(club, partial(club.burn, 20, now=ends)) for _ in range(3)],
    )
    in_scope(club, sweep)()

    refused(results, membership.TooFewPoints, payments.InsufficientBalance)
    burned = 20 * sum(isinstance(result, membership.Burned) for result in results)
    with tenancy.scope(merchant_id=merchant):
        totals = {
            each.kind: each.amount
            for each in payments.totals(merchant_id=merchant, asset=club.programme.points_asset)
        }
    assert totals["redeemed"] == burned
    assert totals["available"] + totals["redeemed"] + totals["expired"] == 150
    assert_sound(club)


def test_points_come_back_once_however_often_the_return_is_told(
    merchant: int, at_once: AtOnce
) -> None:
    club = opened(merchant)
    with tenancy.scope(merchant_id=merchant):
        club.earn(100)
        club.burn(80, key="gift")

    def give_back(return_key: str) -> Callable[[], Any]:
        return in_scope(
            club,
            partial(
                membership.give_back_points,
                merchant_id=merchant,
                source="shop",
                key="gift",
                return_key=return_key,
                points=50,
                reason="back",
                now=NOW,
            ),
        )

    results = at_once(*[give_back("r-1")] * 3, *[give_back("r-2")] * 3)

    assert refused(results, membership.MoreThanBurned) == 3
    assert stands(club).available == 70
    assert_sound(club)


def test_periods_that_many_let_end_at_once_end_once(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant, WITH_TIERS)
    with tenancy.scope(merchant_id=merchant):
        club.buy(500_000)
        until = club.card().tier_until
    assert until is not None
    review = partial(membership.review_tiers, merchant_id=merchant, now=until, limit=10)

    results = at_once(*[in_scope(club, review) for _ in range(5)])

    assert sum(results) == 1
    with tenancy.scope(merchant_id=merchant):
        assert club.card().tier == "silver"
    assert_sound(club)


def test_a_month_that_many_close_at_once_is_closed_once(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant)
    pool_code = club.programme.pool_code
    with tenancy.scope(merchant_id=merchant):
        membership.publish_pool_terms(
            merchant_id=merchant,
            pool_code=pool_code,
            breakage_minor_per_1000=0,
            reason="contract",
            now=NOW,
        )
        club.earn(100)
    close = partial(
        membership.settle_month,
        merchant_id=merchant,
        pool_code=pool_code,
        month=NOW.date(),
        now=NOW + days(40),
    )

    results = at_once(*[in_scope(club, close) for _ in range(4)])

    assert refused(results) == 0
    assert all(result == results[0] for result in results)
    assert results[0].is_closed
    assert_sound(club)


def test_terms_published_at_once_get_versions_one_after_the_other(
    merchant: int, at_once: AtOnce
) -> None:
    club = opened(merchant)

    def publish_worth(value: int) -> Callable[[], Any]:
        terms = replace(BASE_ONLY, value_minor_per_1000=value)
        return in_scope(
            club,
            partial(publish, merchant_id=merchant, programme=club.programme, terms=terms),
        )

    results = at_once(*[publish_worth(value) for value in (1, 2, 3, 1)])

    assert refused(results) == 0
    with tenancy.scope(merchant_id=merchant):
        versions = membership.terms_page(
            merchant_id=merchant, programme_id=club.programme.id, before_id=2**62, limit=9
        )
    numbers = [each.version for each in versions]
    assert numbers == list(range(len(numbers), 0, -1))
    assert len(numbers) in {4, 5}


def test_of_authorisations_and_tiers_given_at_once_one_stands(
    merchant: int, at_once: AtOnce
) -> None:
    club = opened(merchant, WITH_TIERS)
    authorise = partial(
        membership.authorise,
        merchant_id=merchant,
        pool_code=club.programme.pool_code,
        by_brand_id=club.programme.brand_id,
        to_brand_id=club.programme.brand_id,
        may_see=True,
        may_accrue=True,
        may_burn=True,
        earn_rate=1,
        burn_rate=1,
        valid_from=NOW,
        valid_until=None,
        reason="contract",
        now=NOW,
    )
    grant = partial(
        membership.grant_tier,
        merchant_id=merchant,
        member_id=club.member_id,
        programme_code=club.programme.code,
        tier="gold",
        valid_until=NOW + days(9),
        reason="guest",
        now=NOW,
    )

    authorised = at_once(*[in_scope(club, authorise) for _ in range(4)])
    granted = at_once(*[in_scope(club, grant) for _ in range(4)])

    assert refused(authorised, membership.AuthorisationStands) == 3
    assert refused(granted, FieldInvalid) == 3
    assert_sound(club)


def test_a_reminder_that_many_send_at_once_is_sent_once(merchant: int, at_once: AtOnce) -> None:
    club = opened(merchant, replace(BASE_ONLY, expiry=membership.ExpiryTerms(months=1)))
    with tenancy.scope(merchant_id=merchant):
        club.earn(100)
    remind = partial(membership.remind_of_expiry, merchant_id=merchant, now=NOW + days(5))

    results = at_once(*[in_scope(club, remind) for _ in range(4)])

    assert sum(results) == 1


def test_points_of_a_benefit_are_credited_and_taken_back_once(
    merchant: int, at_once: AtOnce
) -> None:
    club = opened(merchant)

    for number in range(ROUNDS):
        about: dict[str, Any] = {
            "merchant_id": merchant,
            "source": "benefits",
            "key": f"coupon:{number}:1",
            "now": NOW,
        }
        credit = partial(
            membership.credit_points,
            member_id=club.member_id,
            programme_code=club.programme.code,
            points=500,
            **about,
        )
        given = at_once(*[in_scope(club, credit) for _ in range(4)])
        take_back = partial(membership.take_back_credit, **about)
        taken = at_once(*[in_scope(club, take_back) for _ in range(3)], in_scope(club, credit))

        assert sum(each.is_new for each in given) == 1
        assert sum(each.is_new for each in taken) == 1
    assert stands(club).available == 0
    assert_sound(club)
