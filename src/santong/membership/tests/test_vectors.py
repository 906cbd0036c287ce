"""Published cases of points, through the public door."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from santong.membership import public as membership
from santong.membership.tests.factories import NOW
from santong.membership.tests.points import BASE_ONLY, make_club

FILE = Path(settings.SANTONG_SHARED or "nowhere") / "vectors/promotions/cases.json"
POLICIES: Mapping[str, membership.ClawBackPolicy] = {
    "clamp_to_zero": "clamp",
    "negative": "negative",
    "allow_negative": "negative",
}


def cases_of(kind: str) -> list[Any]:
    if not FILE.is_file():
        reason = f"{FILE} is not there: set SANTONG_SHARED to the folder that holds vectors"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason))]
    cases = json.loads(FILE.read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in cases if case["kind"] == kind]


@pytest.mark.parametrize("case", cases_of("points_clawback"))
def test_a_claw_back(merchant_id: int, case: Mapping[str, Any]) -> None:
    terms = replace(BASE_ONLY, claw_back=POLICIES[case["policy"]])
    club = make_club(merchant_id=merchant_id, terms=terms)
    bought = club.earn(case["earned"])
    if case["spent_since"]:
        club.burn(case["spent_since"])
    before = club.points()

    *_, clawed = [club.give_back_goods(bought, {1: 1}) for _ in range(case.get("times", 1))]

    left = club.points()
    assert clawed.from_available + clawed.to_debt == case["expected"]["clawed_back"]
    assert left.available - left.debt == case["expected"]["balance"]
    assert before.available - left.available + left.debt == case["expected"]["clawed_back"]


@pytest.mark.parametrize("case", cases_of("points_redeem"))
def test_a_redemption(merchant_id: int, case: Mapping[str, Any]) -> None:
    terms = replace(BASE_ONLY, burn=membership.BurnTerms(**case["program"]))
    club = make_club(merchant_id=merchant_id, terms=terms)
    if case["balance"]:
        club.earn(case["balance"])

    quoted = membership.quote_burn(
        merchant_id=merchant_id,
        member_id=club.member_id,
        programme_code=club.programme.code,
        requested=case["requested"],
        amount_minor=case["order_amount"],
        now=NOW,
    )

    assert quoted.points == case["expected"]["points"]


@pytest.mark.parametrize("case", cases_of("points_deferral"))
def test_deferred_revenue_is_recognised(case: Mapping[str, Any]) -> None:
    periods = [(each["redeemed_to_date"], each["expected_total"]) for each in case["periods"]]

    found = membership.recognised(deferred_minor=case["deferred"], periods=periods)

    assert found == case["expected"]["recognised"]
