"""Brands that share a pool settle a month: exactly, once, and so that anybody can add it up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction

from santong.kernel.errors import FieldInvalid
from santong.membership import public as membership
from santong.membership.events import MonthSettled
from santong.membership.tests.factories import NOW, facts_told, make_pool
from santong.membership.tests.points import BASE_ONLY, Club, days, make_club
from santong.merchants import public as merchants
from santong.payments import public as payments

NOVEMBER = date(2026, 11, 1)
# In China it is the 2nd of December, a day after the end of the month.
CLOSABLE = datetime(2026, 12, 1, 16, tzinfo=UTC)


def authorise(
    home: Club, *, to: Club, earn: int = 0, burn: int = 0, **about: object
) -> membership.Authorisation:
    return membership.authorise(
        **{  # type: ignore[arg-type]
            "merchant_id": home.merchant_id,
            "pool_code": home.programme.pool_code,
            "by_brand_id": home.programme.brand_id,
            "to_brand_id": to.programme.brand_id,
            "may_see": True,
            "may_accrue": True,
            "may_burn": True,
            "earn_rate": earn,
            "burn_rate": burn,
            "valid_from": NOW - days(1),
            "valid_until": None,
            "reason": "agreed",
            "now": NOW,
            **about,
        }
    )


def brand_code(club: Club) -> str:
    brand = merchants.brand_by_id(merchant_id=club.merchant_id, brand_id=club.programme.brand_id)
    code: str = brand.code
    return code


def two_brands(merchant_id: int, *, breakage: int = 0) -> tuple[Club, Club]:
    """Two programmes that share a pool, each with its own rates and a member of its own."""
    pool = make_pool(merchant_id=merchant_id)
    first = make_club(merchant_id=merchant_id, pool=pool)
    second = make_club(merchant_id=merchant_id, pool=pool)
    membership.publish_pool_terms(
        merchant_id=merchant_id,
        pool_code=pool.code,
        breakage_minor_per_1000=breakage,
        reason="contract",
        now=NOW,
    )
    authorise(first, to=first, earn=1_000, burn=900)
    authorise(second, to=second, earn=1_100, burn=850)
    return first, second


def statement(club: Club) -> membership.SettlementStatement:
    return membership.settlement_statement(
        merchant_id=club.merchant_id, pool_code=club.programme.pool_code, month=NOVEMBER
    )


def close(club: Club, *, now: datetime = CLOSABLE) -> membership.SettlementStatement:
    return membership.settle_month(
        merchant_id=club.merchant_id,
        pool_code=club.programme.pool_code,
        month=date(2026, 11, 30),
        now=now,
    )


def independently(club: Club) -> dict[int, tuple[int, int]]:
    """What brands pay and get for the month, from the ledger's own entries, in 1/1,000 of a fen."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH month AS (
              SELECT e.amount, a.kind, replace(a.owner, 'brand:', '')::bigint AS brand
              FROM payments_entry e
              JOIN payments_account a ON a.id = e.account_id
              JOIN payments_asset s ON s.id = a.asset_id
              JOIN payments_txn t ON t.id = e.txn_id
              WHERE e.merchant_id = %s AND s.code = %s AND a.owner LIKE 'brand:%%'
                AND (t.recorded_at AT TIME ZONE 'Asia/Shanghai')::date
                  BETWEEN '2026-11-01' AND '2026-11-30'
            ), rates AS (
              SELECT DISTINCT ON (to_brand_id) to_brand_id, earn_rate, burn_rate
              FROM membership_authorisation WHERE merchant_id = %s AND by_brand_id = to_brand_id
              ORDER BY to_brand_id, id
            )
            SELECT brand,
              -sum(amount * earn_rate) FILTER (WHERE kind IN ('issued', 'clawback')),
              sum(amount * burn_rate) FILTER (WHERE kind = 'redeemed')
            FROM month JOIN rates ON to_brand_id = brand GROUP BY 1
            """,
            [club.merchant_id, club.programme.points_asset, club.merchant_id],
        )
        return {brand: (pays or 0, gets or 0) for brand, pays, gets in cursor.fetchall()}


def test_a_month_is_what_the_ledger_says_in_a_sum_of_its_own(merchant_id: int) -> None:
    first, second = two_brands(merchant_id)
    bought = first.earn(1_234)
    first.earn(777, now=NOW + days(1))
    second.earn(555)
    first.burn(321)
    second.burn(123, key="gift")
    first.give_back_goods(bought, {1: 1})
    membership.give_back_points(
        merchant_id=merchant_id,
        source="shop",
        key="gift",
        return_key="r-1",
        points=23,
        reason="back",
        now=NOW,
    )

    settled = statement(first)

    found = {brand.brand_id: (brand.pays_minor, brand.gets_minor) for brand in settled.brands}
    exact = independently(first)
    assert exact == {
        first.programme.brand_id: (777 * 1_000, 321 * 900),
        second.programme.brand_id: (555 * 1_100, 100 * 850),
    }
    for side in (0, 1):
        whole = sum(amounts[side] for amounts in exact.values())
        assert sum(amounts[side] for amounts in found.values()) == (whole + 500) // 1_000
        assert all(abs(found[b][side] * 1_000 - exact[b][side]) < 1_000 for b in exact)
    assert [brand.net_minor for brand in settled.brands] == [289 - 777, 85 - 611]


def test_a_closed_month_stays_as_it_was(merchant_id: int) -> None:
    first, second = two_brands(merchant_id)
    first.earn(1_000)

    closed = close(first)
    second.earn(5_000)
    again = close(second)

    assert (closed.is_closed, closed.closed_at) == (True, CLOSABLE)
    assert closed == again == statement(first)
    assert len(facts_told(merchant_id=merchant_id, kind=MonthSettled)) == 1
    found = membership.check_invariants(merchant_id=merchant_id)
    assert [finding.rule for finding in found] == ["a closed month is what its purchases say"]


def test_a_month_is_open_until_a_day_after_its_end(merchant_id: int) -> None:
    first, _ = two_brands(merchant_id)

    with pytest.raises(membership.MonthOpen):
        close(first, now=CLOSABLE - days(1))


def test_what_is_bought_at_another_brand_counts_there(merchant_id: int) -> None:
    first, second = two_brands(merchant_id)
    authorise(first, to=second, earn=1_500, burn=800)

    first.buy(100_000, brand_code=brand_code(second))
    first.mature()
    first.burn(400, brand_code=brand_code(second))

    (brand,) = statement(first).brands
    assert brand.brand_id == second.programme.brand_id
    assert (brand.earned_points, brand.pays_minor) == (1_000, 1_500)
    assert (brand.burned_points, brand.gets_minor) == (400, 320)


def test_nobody_acts_for_another_brand_s_members_unasked(merchant_id: int) -> None:
    first, second = two_brands(merchant_id)
    first.earn(100)

    with pytest.raises(membership.NotAuthorised), transaction.atomic():
        first.buy(100_000, brand_code=brand_code(second))
    only_earn = authorise(first, to=second, earn=1_500, may_burn=False)
    first.buy(100_000, brand_code=brand_code(second))
    with pytest.raises(membership.NotAuthorised), transaction.atomic():
        first.burn(50, brand_code=brand_code(second))
    with pytest.raises(membership.AuthorisationStands), transaction.atomic():
        authorise(first, to=second, earn=2)

    ended = membership.end_authorisation(
        merchant_id=merchant_id, authorisation_id=only_earn.id, reason="over", now=NOW
    )

    assert ended.valid_until == NOW
    with pytest.raises(membership.NotAuthorised), transaction.atomic():
        first.buy(100_000, brand_code=brand_code(second))
    assert authorise(first, to=second, earn=2, valid_from=NOW).earn_rate == 2


def test_a_brand_sees_points_of_another_s_members_only_where_it_was_let(merchant_id: int) -> None:
    first, second = two_brands(merchant_id)
    first.earn(100)

    def seen() -> dict[str, membership.PointsShown]:
        return membership.points_seen_by(
            merchant_id=merchant_id,
            member_id=first.member_id,
            brand_code=brand_code(second),
            now=NOW,
        )

    before = seen()
    let = authorise(first, to=second, may_accrue=False, may_burn=False)
    during = seen()
    membership.end_authorisation(
        merchant_id=merchant_id, authorisation_id=let.id, reason="over", now=NOW
    )

    assert (before, seen()) == ({}, {})
    assert during == {first.programme.pool_code: first.points()}


def test_rates_and_ends_make_sense(merchant_id: int) -> None:
    first, second = two_brands(merchant_id)

    with pytest.raises(FieldInvalid), transaction.atomic():
        authorise(first, to=second, earn=-1)
    with pytest.raises(FieldInvalid), transaction.atomic():
        authorise(first, to=second, valid_until=NOW - days(1))


def test_what_expired_goes_back_to_who_earned_as_the_contract_says(merchant_id: int) -> None:
    pool = make_pool(merchant_id=merchant_id)
    short = replace(BASE_ONLY, expiry=membership.ExpiryTerms(kind="date", on=date(2026, 11, 12)))
    club = make_club(merchant_id=merchant_id, pool=pool, terms=short)
    membership.publish_pool_terms(
        merchant_id=merchant_id,
        pool_code=pool.code,
        breakage_minor_per_1000=500,
        reason="contract",
        now=NOW,
    )
    authorise(club, to=club, earn=1_000)
    club.earn(1_000)
    payments.expire_lots(
        merchant_id=merchant_id,
        asset=club.programme.points_asset,
        now=NOW + days(2),
        limit=9,
    )

    closed = close(club)

    (brand,) = closed.brands
    assert (closed.expired_points, brand.breakage_minor, brand.net_minor) == (1_000, 500, -500)
    assert membership.check_invariants(merchant_id=merchant_id) == []


def test_the_liability_of_a_pool(merchant_id: int) -> None:
    first, second = two_brands(merchant_id)
    first.earn(1_000)
    second.earn(1_000, now=NOW + days(30))
    first.burn(300)
    first.buy(5_000)
    payments.expire_lots(
        merchant_id=merchant_id,
        asset=first.programme.points_asset,
        now=NOW + days(367),
        limit=9,
    )

    found = membership.points_liability(
        merchant_id=merchant_id,
        pool_code=first.programme.pool_code,
        now=NOW + days(367),
    )

    # 700 expired and 300 were used: of the 1,000 left, 700 are not expected to be used.
    assert (found.available, found.pending, found.redeemed, found.expired) == (1_000, 50, 300, 700)
    assert (found.breakage_per_10000, found.expected_breakage) == (7_000, 700)
    assert (found.expected_to_be_used, found.value_minor) == (300, 300)
    assert [(each.month, each.points) for each in found.by_month] == [(date(2027, 12, 1), 1_000)]
