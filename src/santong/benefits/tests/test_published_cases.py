"""Published cases of limits, through the public door and at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from santong.benefits import public as benefits
from santong.benefits.tests.factories import LATER, new_key
from santong.benefits.tests.races import AtOnce, a_batch, a_coupon, assert_sound, claim, in_scope


def cases() -> list[Any]:
    """Those of kind `usage_limit`; one that is skipped where the files are not there."""
    path = Path(settings.SANTONG_SHARED or "nowhere") / "vectors/promotions/cases.json"
    if not path.is_file():
        why = "the published cases are not here (SANTONG_SHARED)"
        return [pytest.param({}, id="absent", marks=pytest.mark.skip(reason=why))]
    found = json.loads(path.read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in found if case["kind"] == "usage_limit"]


@pytest.mark.parametrize("case", cases())
def test_a_limit_accepts_what_is_published(
    merchant: int, at_once: AtOnce, case: dict[str, Any]
) -> None:
    batch = a_batch(merchant, total=case["limit"])

    results = at_once(*[claim(merchant, batch) for _ in range(case["concurrent_claims"])])

    accepted = [each for each in results if isinstance(each, benefits.Coupon)]
    refused = [each for each in results if isinstance(each, benefits.LimitReached)]
    assert len(accepted) == case["expected"]["accepted"]
    assert len(refused) == case["concurrent_claims"] - len(accepted)
    assert_sound(merchant)


@pytest.mark.parametrize("case", cases())
def test_a_coupon_discounts_as_many_orders_as_is_published(
    merchant: int, at_once: AtOnce, case: dict[str, Any]
) -> None:
    batch = a_batch(merchant, total=case["limit"])
    coupon = a_coupon(merchant, batch)

    results = at_once(
        *[
            in_scope(
                merchant,
                benefits.hold_for_order,
                coupon_id=coupon.id,
                holder=f"order:{number}",
                amount_minor=100,
                held_until=LATER,
                key=new_key(),
            )
            for number in range(case["concurrent_claims"])
        ]
    )

    held = [each for each in results if isinstance(each, benefits.Coupon)]
    refused = [each for each in results if isinstance(each, benefits.CouponStatePassed)]
    assert (len(held), len(held) + len(refused)) == (1, case["concurrent_claims"])
    assert_sound(merchant)
