"""How long unpaid orders hold their stock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from santong.kernel import tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.orders import public as orders
from santong.orders.models import UnpaidPolicy
from santong.orders.selectors.unpaid import unpaid_policy
from santong.orders.tests.factories import make_shop


def set_policy(merchant_id: int, now: datetime, **given: Any) -> orders.UnpaidPolicy:
    values = {"storefront_code": None, "hold_minutes": 10, "grace_minutes": 5}
    return orders.set_unpaid_policy(merchant_id=merchant_id, **{**values, **given}, now=now)


def test_a_policy_that_is_set_again_is_changed(merchant_id: int, now: datetime) -> None:
    set_policy(merchant_id, now, hold_minutes=10)

    changed = set_policy(merchant_id, now, hold_minutes=20)

    assert changed.hold_minutes == 20
    assert UnpaidPolicy.objects.of_merchant(merchant_id).count() == 1
    assert unpaid_policy(merchant_id=merchant_id, storefront_id=1) == changed


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"hold_minutes": -1}, "/hold_minutes"),
        ({"hold_minutes": 50_000}, "/hold_minutes"),
        ({"grace_minutes": -1}, "/grace_minutes"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(
    merchant_id: int, now: datetime, given: dict[str, int], pointer: str
) -> None:
    with pytest.raises(FieldInvalid) as refused:
        set_policy(merchant_id, now, **given)

    assert refused.value.pointer == pointer


def test_an_unknown_storefront_has_no_policy(merchant_id: int, now: datetime) -> None:
    with pytest.raises(NoSuch):
        set_policy(merchant_id, now, storefront_code="nowhere")


def test_set_ten_times_at_once_there_is_one_policy(
    merchant: int, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_shop(merchant)

    def set_once() -> orders.UnpaidPolicy:
        with tenancy.scope(merchant_id=merchant):
            return set_policy(merchant, now, storefront_code="flagship")

    outcomes = at_once(*[set_once] * 10)

    assert all(isinstance(outcome, orders.UnpaidPolicy) for outcome in outcomes), outcomes
    with tenancy.scope(merchant_id=merchant):
        assert UnpaidPolicy.objects.of_merchant(merchant).count() == 1
