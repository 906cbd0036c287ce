"""Points of an order are certain once its goods can no longer be returned."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.kernel.errors import NoSuch
from santong.membership import public as membership
from santong.membership.tests.factories import NOW
from santong.membership.tests.points import BASE_ONLY, Club, make_club

FROM_DELIVERY = replace(
    BASE_ONLY, maturity=membership.MaturityTerms(pending_days=7, counted_from="delivery")
)
DAY = timedelta(days=1)


def tell(club: Club, bought: membership.Accrued, *, days: int) -> datetime:
    return membership.record_delivery(
        merchant_id=club.merchant_id,
        source=bought.source,
        key=bought.key,
        delivered_at=NOW + days * DAY,
    )


def test_the_return_period_begins_when_the_goods_have_come(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=FROM_DELIVERY)
    bought = club.buy(10_000, awaits_delivery=True)

    early = club.mature(now=NOW + 20 * DAY)
    tell(club, bought, days=20)
    waiting = club.mature(now=NOW + 27 * DAY)
    late = club.mature(now=NOW + 29 * DAY)

    assert (early, waiting, late) == (0, 0, 1)
    assert club.points(now=NOW + 29 * DAY).available == 100


def test_what_nobody_tells_of_has_surely_come_after_two_months(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=FROM_DELIVERY)
    club.buy(10_000, awaits_delivery=True)

    assert club.mature(now=NOW + 60 * DAY) == 0
    assert club.mature(now=NOW + 69 * DAY) == 1


def test_of_two_deliveries_the_first_counts(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id, terms=FROM_DELIVERY)
    bought = club.buy(10_000, awaits_delivery=True)

    first = tell(club, bought, days=3)
    again = tell(club, bought, days=30)

    assert again == first


def test_certain_points_stay_certain(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    bought = club.earn(100)

    tell(club, bought, days=3)

    assert club.points().available == 100


def test_what_was_never_bought_cannot_come(merchant_id: int) -> None:
    club = make_club(merchant_id=merchant_id)
    bought = replace(club.buy(100), key="unheard of")

    with pytest.raises(NoSuch):
        tell(club, bought, days=1)


def test_a_delivery_and_the_maturity_of_its_points_do_not_undo_one_another(
    merchant: int, at_once: Any
) -> None:
    with tenancy.scope(merchant_id=merchant):
        club = make_club(merchant_id=merchant, terms=FROM_DELIVERY)
        bought = club.buy(10_000, awaits_delivery=True)
    late = NOW + 70 * DAY

    def deliver() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return tell(club, bought, days=1)

    def mature() -> Any:
        with tenancy.scope(merchant_id=merchant):
            return club.mature(now=late)

    at_once(*[deliver, mature] * 4)

    with tenancy.scope(merchant_id=merchant):
        club.mature(now=late)
        assert club.points(now=late) == membership.PointsShown(available=100, pending=0, debt=0)
        assert membership.check_invariants(merchant_id=merchant) == []
