"""Points over HTTP: programme, purchase, checkout, return, approval, month."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.membership import public as membership
from santong.membership.rules.terms import terms_to_json
from santong.membership.tests.factories import make_member, make_programme
from santong.membership.tests.points import WITH_TIERS
from santong.merchants.tests.factories import make_token
from santong.stores import public as stores

_keys = itertools.count(1)
TERMS = replace(WITH_TIERS, expiry=membership.ExpiryTerms(kind="never"))
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


class Caller:
    """A program with a token."""

    def __init__(self, merchant_id: int, **about: Any) -> None:
        with tenancy.scope(merchant_id=merchant_id):
            self.secret = make_token(merchant_id, **about)

    def get(self, path: str, *, expect: int = 200) -> Any:
        answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {self.secret}"})
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)

    def post(self, path: str, body: object, *, expect: int = 200) -> Any:
        answer = Client().post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers={
                "Authorization": f"Bearer {self.secret}",
                "Idempotency-Key": f"points-{next(_keys)}",
            },
        )
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)


@pytest.fixture
def caller(merchant: int) -> Caller:
    return Caller(merchant)


@pytest.fixture
def member(merchant: int, caller: Caller) -> membership.Member:
    """A member of a programme whose terms were published over HTTP."""
    with tenancy.scope(merchant_id=merchant):
        programme = make_programme(merchant_id=merchant)
        found = make_member(merchant_id=merchant, programme=programme).member
    caller.post(
        f"/programmes/{programme.code}/terms", {"terms": terms_to_json(TERMS), "reason": "opening"}
    )
    return found


def code_of(member: membership.Member) -> str:
    return member.cards[0].programme_code


def purchase(member: membership.Member, amount_minor: int, **about: Any) -> dict[str, Any]:
    return {
        "source": "till",
        "key": f"p-{next(_keys)}",
        "member_id": str(member.id),
        "programme_code": code_of(member),
        "bought_at": YESTERDAY.isoformat(),
        "currency": "CNY",
        "lines": [{"line": 1, "sku_code": "shirt", "quantity": 2, "amount_minor": amount_minor}],
        **about,
    }


def ripen(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        membership.mature_due(merchant_id=merchant, now=datetime.now(UTC), limit=10)


def test_terms_are_published_in_versions_and_read_back(
    caller: Caller, member: membership.Member
) -> None:
    path = f"/programmes/{code_of(member)}/terms"
    again = caller.post(path, {"terms": terms_to_json(TERMS), "reason": "again"})
    draft = {**terms_to_json(TERMS), "value_minor_per_1000": 5}
    more = caller.post(path, {"terms": draft, "reason": "cheaper"})

    listed = caller.get(path)

    assert (again["version"], more["version"]) == (1, 2)
    assert [each["reason"] for each in listed["items"]] == ["cheaper", "opening"]
    assert listed["items"][0]["terms"] == draft
    wrong = caller.post(path, {"terms": {**draft, "tiers": []}, "reason": "no"}, expect=422)
    assert wrong["code"] == "kernel.field_invalid"
    caller.post(path, {"terms": {**draft, "teirs": []}, "reason": "no"}, expect=422)
    assert code_of(member) in {each["code"] for each in caller.get("/programmes")["items"]}


def test_a_purchase_a_checkout_and_what_comes_back(
    merchant: int, caller: Caller, member: membership.Member
) -> None:
    bought = caller.post("/accruals", body := purchase(member, 200_000))
    same = caller.post("/accruals", body)
    ripen(merchant)
    quote = caller.post(
        "/burn-quotes",
        {
            "member_id": str(member.id),
            "programme_code": code_of(member),
            "requested": 500,
            "amount_minor": 100_000,
        },
    )
    named = {"source": "checkout", "key": "o-1"}
    held = caller.post(
        "/burn-holds",
        {
            **named,
            "member_id": str(member.id),
            "programme_code": code_of(member),
            "requested": 500,
            "amount_minor": 100_000,
            "expires_at": (datetime.now(UTC) + timedelta(minutes=5)).isoformat(),
        },
    )
    burned = caller.post("/burn-captures", named)
    back = caller.post(
        "/burn-returns", {**named, "return_key": "r-1", "points": 200, "reason": "came back"}
    )
    clawed = caller.post(
        "/claw-backs",
        {
            "source": body["source"],
            "key": body["key"],
            "return_key": "r-1",
            "quantity_by_line": {"1": 1},
        },
    )

    assert (bought["points"], same["id"]) == (2_000, bought["id"])
    assert quote == {"points": 500, "amount_minor": 550}
    assert (held["state"], burned["state"], back["given_back"]) == ("held", "burned", 200)
    assert (clawed["points"], clawed["from_available"]) == (1_000, 1_000)
    (pool,) = caller.get(f"/members/{member.id}/points")["pools"]
    assert (pool["available"], pool["pending"]) == (700, 0)
    (row,) = caller.get(f"/members/{member.id}/accruals")["items"]
    (line,) = caller.get(f"/accruals/{row['id']}/lines")["items"]
    assert (line["points_by_rule"], line["returned"]) == ({"yuan": 2_000}, 1)
    tiers = caller.get(f"/members/{member.id}/cards/{code_of(member)}/tiers")["items"]
    assert [(tier["to_tier"], tier["why"]) for tier in tiers] == [("silver", "earned")]


def test_a_burn_and_a_hold_that_is_given_up(
    merchant: int, caller: Caller, member: membership.Member
) -> None:
    caller.post("/accruals", purchase(member, 10_000))
    ripen(merchant)
    who = {"member_id": str(member.id), "programme_code": code_of(member)}
    soon = (datetime.now(UTC) + timedelta(minutes=5)).isoformat()

    named = {"source": "checkout", "key": "o-2"}
    caller.post(
        "/burn-holds",
        {**who, **named, "requested": 60, "amount_minor": 9_999, "expires_at": soon},
    )
    gift = {**who, "source": "shop", "key": "gift", "kind": "shop", "points": 60}
    refused = caller.post("/burns", gift, expect=409)
    released = caller.post("/burn-releases", {**named, "reason": "left"})
    burned = caller.post("/burns", gift)

    assert refused["code"] == "membership.too_few_points"
    assert (released["state"], burned["state"]) == ("released", "burned")


def test_a_correction_is_approved_by_somebody_else(
    merchant: int, caller: Caller, member: membership.Member
) -> None:
    other = Caller(merchant)
    asked = caller.post(
        "/points-corrections",
        {
            "source": "console",
            "key": "c-1",
            "member_id": str(member.id),
            "programme_code": code_of(member),
            "points": 50,
            "reason": "late parcel",
        },
    )

    own = caller.post(f"/points-requests/{asked['id']}/approve", {"reason": "me"}, expect=403)
    done = other.post(f"/points-requests/{asked['id']}/approve", {"reason": "agreed"})
    late = other.post(f"/points-requests/{asked['id']}/reject", {"reason": "no"}, expect=409)

    assert own["code"] == "membership.own_request"
    assert (done["state"], late["code"]) == ("posted", "membership.request_decided")
    assert [each["id"] for each in caller.get("/points-requests?state=posted")["items"]] == [
        asked["id"]
    ]


def test_a_month_and_what_is_outstanding(
    merchant: int, caller: Caller, member: membership.Member
) -> None:
    with tenancy.scope(merchant_id=merchant):
        programme = membership.programme_by_code(merchant_id=merchant, code=code_of(member))
    pool = programme.pool_code
    caller.post(f"/pools/{pool}/terms", {"breakage_minor_per_1000": 0, "reason": "contract"})
    given = caller.post(
        f"/pools/{pool}/authorisations",
        {
            "by_brand_id": str(programme.brand_id),
            "to_brand_id": str(programme.brand_id),
            "may_see": True,
            "may_accrue": True,
            "may_burn": True,
            "earn_rate": 1_000,
            "burn_rate": 900,
            "valid_from": (YESTERDAY - timedelta(days=1)).isoformat(),
            "reason": "contract",
        },
    )
    caller.post("/accruals", purchase(member, 10_000))
    ripen(merchant)
    month = datetime.now(UTC).strftime("%Y-%m")

    stands = caller.get(f"/pools/{pool}/settlements/{month}")
    liability = caller.get(f"/pools/{pool}/liability")
    early = caller.post(f"/pools/{pool}/settlements/2998-01", {}, expect=409)
    ended = caller.post(f"/authorisations/{given['id']}/end", {"reason": "over"})

    assert [(each["earned_points"], each["pays_minor"]) for each in stands["brands"]] == [
        (100, 100)
    ]
    assert (liability["available"], liability["by_month"]) == (
        100,
        [{"month": None, "points": 100}],
    )
    assert early["code"] == "membership.month_open"
    assert ended["valid_until"] is not None
    assert len(caller.get(f"/pools/{pool}/authorisations")["items"]) == 1
    caller.get(f"/pools/{pool}/settlements/yesterday", expect=404)


def test_a_tier_is_given_by_hand(caller: Caller, member: membership.Member) -> None:
    given = caller.post(
        f"/members/{member.id}/tier-grants",
        {
            "programme_code": code_of(member),
            "tier": "gold",
            "valid_until": (datetime.now(UTC) + timedelta(days=9)).isoformat(),
            "reason": "guest of honour",
        },
    )

    assert given["tier"] == "gold"


def test_who_works_at_a_place_tells_of_purchases_there_only(
    merchant: int, member: membership.Member
) -> None:
    with tenancy.scope(merchant_id=merchant):
        mine, other = (
            stores.open_location(
                merchant_id=merchant,
                code=code,
                name=code,
                kind="store",
                latitude=31.23,
                longitude=121.47,
                now=YESTERDAY,
            )
            for code in ("SH1", "SH2")
        )
    till = Caller(
        merchant, role="clerk", location_id=mine.id, permissions=["points.earn", "points.view"]
    )

    there = till.post("/accruals", purchase(member, 10_000, location_code="SH2"), expect=404)
    nowhere = till.post("/accruals", purchase(member, 10_000), expect=404)
    before = till.get(f"/members/{member.id}/points", expect=404)
    here = till.post("/accruals", purchase(member, 10_000, location_code=mine.code))

    assert (there["kind"], nowhere["kind"], other.code) == ("location", "location", "SH2")
    assert (before["kind"], here["points"]) == ("member", 100)
    assert till.get(f"/members/{member.id}/points")["pools"][0]["pending"] == 100
    assert [each["id"] for each in till.get(f"/members/{member.id}/accruals")["items"]] == [
        here["id"]
    ]
    assert till.get(f"/accruals/{here['id']}/lines")["items"][0]["points"] == 100
