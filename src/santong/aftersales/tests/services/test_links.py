"""An order's buyer has one link, for a while; another takes its place on purpose only."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from santong.aftersales.errors import LinkOver
from santong.aftersales.selectors.links import check_link, link_of, link_path
from santong.aftersales.services.open_link import open_link, renew_link
from santong.aftersales.tests.factories import NOW, make_bought


def is_good(token: str, now: datetime) -> bool:
    try:
        check_link(link=link_of(token=token), now=now)
    except LinkOver:
        return False
    return True


@pytest.fixture
def of(merchant_id: int) -> dict[str, Any]:
    return {"merchant_id": merchant_id, "order_id": make_bought(merchant_id).order.id}


def test_given_again_it_is_the_same_link_for_longer(of: dict[str, Any]) -> None:
    first = open_link(**of, days=30, now=NOW)

    again = open_link(**of, days=30, now=NOW + timedelta(days=20))

    assert again == first
    assert link_path(**of, now=NOW + timedelta(days=49)) == f"/c/{first}/"
    assert link_path(**of, now=NOW + timedelta(days=50)) == ""
    assert not is_good(first, NOW + timedelta(days=50))


def test_a_shorter_time_takes_nothing_from_what_was_given(of: dict[str, Any]) -> None:
    token = open_link(**of, days=30, now=NOW)

    open_link(**of, days=1, now=NOW)

    assert is_good(token, NOW + timedelta(days=29))


def test_what_is_over_does_not_come_back(of: dict[str, Any]) -> None:
    first = open_link(**of, days=30, now=NOW)
    later = NOW + timedelta(days=31)

    second = open_link(**of, days=30, now=later)

    assert (is_good(first, later), is_good(second, later)) == (False, True)


def test_a_renewed_link_closes_the_one_before(of: dict[str, Any]) -> None:
    first = open_link(**of, days=30, now=NOW)

    second = renew_link(**of, days=30, now=NOW)

    assert (is_good(first, NOW), is_good(second, NOW)) == (False, True)


def test_an_order_without_a_link_has_no_page(of: dict[str, Any]) -> None:
    assert link_path(**of, now=NOW) == ""
