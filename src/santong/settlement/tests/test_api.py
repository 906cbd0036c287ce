"""Shares, rules, payouts and statements over HTTP, by those who may and no others."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants import public as merchants
from santong.merchants.tests.factories import PASSWORD, make_staff, make_token
from santong.settlement import public as settlement
from santong.settlement.tests.factories import (
    Shop,
    assert_sound,
    make_account,
    make_clerks,
    make_sale,
    make_shop,
    party_id_of,
    publish,
)

_keys = itertools.count(1)
RULES = {"rules": [{"code": "clerk", "role": "clerk", "rate_bp": 500}]}
IN_DECEMBER = datetime(2026, 12, 5, tzinfo=UTC)


class Caller:
    """A program with a token, or a person who has logged in."""

    def __init__(self, merchant_id: int, *, login: str = "", **about: Any) -> None:
        self.client, self.headers = Client(), dict[str, str]()
        with tenancy.scope(merchant_id=merchant_id):
            if not login:
                token = make_token(merchant_id, **about)
                self.headers["Authorization"] = f"Bearer {token}"
                return
            code = merchants.merchant(merchant_id=merchant_id).code
        self.client.post(
            "/log-in/", {"merchant": code, "login": login, "password": PASSWORD, "next": ""}
        )

    def get(self, path: str, *, expect: int = 200) -> Any:
        answer = self.client.get(f"/api/v1{path}", headers=self.headers)
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)

    def post(self, path: str, body: object = None, *, expect: int = 200) -> Any:
        answer = self.client.post(
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers={**self.headers, "Idempotency-Key": f"settlement-{next(_keys)}"},
        )
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content)


@pytest.fixture
def caller(merchant: int) -> Caller:
    return Caller(merchant)


def sold(merchant: int, *, rate_bp: int = 1_000) -> tuple[Shop, settlement.SharedSale]:
    with tenancy.scope(merchant_id=merchant):
        shop = make_shop(merchant)
        publish(merchant, settlement.Rule(code="clerk", role="clerk", rate_bp=rate_bp))
        return shop, make_sale(shop, guide="G1", seller=shop.own_code)


def test_an_orders_shares_say_which_rule_made_them(merchant: int, caller: Caller) -> None:
    _, sale = sold(merchant)

    shown = caller.get(f"/orders/{sale.order_id}/shares")

    assert (shown["paid_minor"], shown["left_minor"], shown["version"]) == (10_000, 10_000, 1)
    clerk, rest = shown["shares"]
    assert (clerk["party_code"], clerk["rule"], clerk["rate_bp"]) == ("clerk:G1", "clerk", 1_000)
    assert (clerk["base"], clerk["base_minor"], clerk["amount_minor"]) == ("paid", 10_000, 1_000)
    assert (rest["party_code"], rest["rule"]) == ("head_office", "rest")
    assert rest["amount_minor"] == 9_000
    assert caller.get(f"/documents/order:{sale.order_id}/shares") == shown
    assert caller.get("/documents/stagedsale:1-2/shares", expect=404)["code"] == "kernel.no_such"


def second(merchant: int, *, role: str = "finance", login: str = "second") -> Caller:
    """Another person at a desk of their own."""
    with tenancy.scope(merchant_id=merchant):
        make_staff(merchant, login=login, role=role)
    return Caller(merchant, login=login)


def test_rules_are_checked_tried_on_past_orders_and_published(
    merchant: int, caller: Caller
) -> None:
    _, sale = sold(merchant)

    caller.post("/share-rules/check", {"terms": RULES})
    tried = caller.post(
        "/share-rules/simulate", {"terms": RULES, "order_ids": [str(sale.order_id)]}
    )
    draft = caller.post(
        "/share-rule-drafts", {"terms": RULES, "reason": "spring", "base_version": 1}, expect=201
    )
    made = second(merchant).post(
        f"/share-rule-drafts/{draft['id']}/publish", {"revision": 1}, expect=201
    )

    assert tried["items"][0]["changes"] == [
        {"party_code": "clerk:G1", "before_minor": 1_000, "after_minor": 500},
        {"party_code": "head_office", "before_minor": 9_000, "after_minor": 9_500},
    ]
    assert (made["version"], made["reason"]) == (2, "spring")
    assert made["drafted_by"] != made["published_by"]
    assert caller.get(f"/share-rules/{made['id']}")["terms"]["rules"][0]["rate_bp"] == 500
    assert [each["version"] for each in caller.get("/share-rules")["items"]] == [2, 1]


def test_rules_by_which_nobody_could_share_are_refused_with_the_place(caller: Caller) -> None:
    rules = {"rules": [{"code": "clerk", "role": "clerk", "rate_bp": 10_001}]}

    refused = caller.post("/share-rules/check", {"terms": rules}, expect=422)

    assert refused["pointer"] == "/terms/rules/0/rate_bp"


def test_rules_are_not_in_force_before_they_are_published(caller: Caller) -> None:
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()

    refused = caller.post(
        "/share-rule-drafts",
        {"terms": RULES, "reason": "x", "base_version": 0, "valid_from": yesterday},
        expect=409,
    )

    assert refused["code"] == "settlement.too_early"


def test_a_draft_takes_two_people_however_many_tokens_one_has(
    merchant: int, caller: Caller
) -> None:
    draft = caller.post(
        "/share-rule-drafts", {"terms": RULES, "reason": "spring", "base_version": 0}, expect=201
    )
    with tenancy.scope(merchant_id=merchant):
        another_token = merchants.create_token(
            merchant_id=merchant,
            staff_id=int(draft["drafted_by"].removeprefix("staff:")),
            name="another",
            permissions=["console.open", "shares.view", "shares.edit"],
            now=datetime.now(UTC),
        )
    same_person = Caller(merchant)
    same_person.headers["Authorization"] = f"Bearer {another_token.secret}"

    refused = same_person.post(
        f"/share-rule-drafts/{draft['id']}/publish", {"revision": 1}, expect=403
    )

    assert refused["code"] == "settlement.own_draft"
    assert caller.get("/share-rules")["items"] == []
    assert caller.get("/share-rule-drafts?state=draft")["items"][0]["id"] == draft["id"]


def test_a_draft_is_changed_and_withdrawn_by_its_drafter_and_declined_by_another(
    merchant: int, caller: Caller
) -> None:
    other = second(merchant)
    body = {"terms": RULES, "reason": "spring", "base_version": 0}
    path = f"/share-rule-drafts/{caller.post('/share-rule-drafts', body, expect=201)['id']}"

    not_theirs = other.post(f"{path}/change", {**body, "revision": 1}, expect=403)
    changed = caller.post(f"{path}/change", {**body, "reason": "autumn", "revision": 1})
    unseen = other.post(f"{path}/publish", {"revision": 1}, expect=409)
    own = caller.post(f"{path}/decline", {"reason": "no"}, expect=403)
    declined = other.post(f"{path}/decline", {"reason": "too high"})
    too_late = caller.post(f"{path}/withdraw", {"reason": "mine"}, expect=409)

    assert not_theirs["code"] == "settlement.not_your_draft"
    assert (changed["revision"], changed["reason"]) == (2, "autumn")
    assert (unseen["code"], unseen["revision"]) == ("settlement.draft_changed", 2)
    assert own["code"] == "settlement.own_draft"
    assert (declined["state"], declined["ended_why"]) == ("declined", "too high")
    assert too_late["code"] == "settlement.draft_passed"


def test_one_person_publishes_alone_only_where_head_office_has_allowed_it(
    merchant: int,
) -> None:
    finance, head = second(merchant), second(merchant, role="head_office", login="boss")
    body = {"terms": RULES, "reason": "spring"}
    alone = {"may_publish_alone": True, "reason": "a shop of one"}

    before = finance.post("/share-rules", body, expect=403)
    finance.post("/share-rule-policy", alone, expect=403)
    head.post("/share-rule-policy", alone)
    made = finance.post("/share-rules", body, expect=201)
    head.post("/share-rule-policy", {"may_publish_alone": False, "reason": "we are two now"})
    after = finance.post("/share-rules", body, expect=403)

    assert before["code"] == after["code"] == "settlement.second_person_needed"
    assert (made["version"], made["drafted_by"]) == (1, "")
    assert finance.get("/share-rule-policy")["may_publish_alone"] is False


@pytest.mark.parametrize("role", ["clerk", "dealer", "customer_service", "developer"])
def test_whoever_does_not_keep_the_rules_drafts_and_publishes_none(
    merchant: int, caller: Caller, role: str
) -> None:
    body = {"terms": RULES, "reason": "spring", "base_version": 0}
    draft = caller.post("/share-rule-drafts", body, expect=201)
    other = second(merchant, role=role)

    other.post("/share-rule-drafts", body, expect=403)
    other.post(f"/share-rule-drafts/{draft['id']}/publish", {"revision": 1}, expect=403)

    assert caller.get(f"/share-rule-drafts/{draft['id']}")["state"] == "draft"


def test_a_payout_takes_two_people_however_many_tokens_one_has(
    merchant: int, caller: Caller
) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_clerks(merchant, "G1")
    asked = {"account_code": "simulated", "currency": "CNY", "minimum_minor": 100}

    run = caller.post("/payout-runs", asked, expect=201)
    refused = caller.post(f"/payout-runs/{run['id']}/approve", expect=403)
    approved = Caller(merchant).post(f"/payout-runs/{run['id']}/approve")
    with tenancy.scope(merchant_id=merchant):
        settlement.send_payouts(merchant_id=merchant, limit=10, now=datetime.now(UTC))
        assert_sound(merchant)

    assert run["lines_by_state"] == [{"state": "planned", "lines": 1}]
    assert refused["code"] == "settlement.same_hands"
    assert approved["state"] == "approved"
    (line,) = caller.get(f"/payout-runs/{run['id']}/lines")["items"]
    assert (line["party_code"], line["state"], line["amount_minor"]) == ("clerk:G1", "sent", 1_000)
    retried = caller.post(f"/payout-lines/{line['id']}/retry", {"reason": "x"}, expect=409)
    assert retried["code"] == "settlement.line_passed"
    late = caller.post(f"/payout-runs/{run['id']}/cancel", {"reason": "x"}, expect=409)
    assert late["code"] == "settlement.run_passed"


def test_a_statement_is_read_disputed_answered_and_confirmed(merchant: int, caller: Caller) -> None:
    with tenancy.scope(merchant_id=merchant):
        make_clerks(merchant, "G1")
        settlement.close_month(merchant_id=merchant, month=date(2026, 11, 1), now=IN_DECEMBER)

    statements = caller.get("/statements?month=2026-11")["items"]
    mine = next(each for each in statements if each["party_code"] == "clerk:G1")
    (line,) = caller.get(f"/statements/{mine['id']}/lines")["items"]
    claim = caller.post(
        f"/statements/{mine['id']}/claims",
        {"entry_id": line["id"], "reason": "too little"},
        expect=201,
    )
    waiting = caller.post(f"/statements/{mine['id']}/confirm", expect=409)
    accepted = caller.post(
        f"/claims/{claim['id']}/accept", {"correction_minor": 50, "reason": "so it was"}
    )
    confirmed = caller.post(f"/statements/{mine['id']}/confirm")

    assert (line["document"][:6], line["rule"], line["amount_minor"]) == ("order:", "clerk", 1_000)
    assert (mine["closing_minor"], waiting["code"]) == (1_000, "settlement.open_claims")
    assert (accepted["state"], confirmed["state"]) == ("accepted", "confirmed")
    assert caller.get("/claims?state=open")["items"] == []
    balance = caller.get(f"/parties/{mine['party_id']}/balance")
    assert (balance["pending_minor"], balance["payable_minor"]) == (0, 1_050)
    entries = caller.get(f"/parties/{mine['party_id']}/entries")["items"]
    assert [each["amount_minor"] for each in entries] == [50, 1_000]


def test_who_leads_a_store_sees_its_books_and_a_clerk_their_own(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        shop = make_shop(merchant)
        publish(
            merchant,
            settlement.Rule(code="clerk", role="clerk", rate_bp=300),
            settlement.Rule(code="store", role="seller", rate_bp=500),
            settlement.Rule(code="dealer", role="dealer", rate_bp=100),
        )
        make_sale(shop, guide="g1", seller=shop.own_code)
        make_sale(shop, guide="g2", seller=shop.franchise_code)
        other = party_id_of(merchant, f"place:{shop.franchise_code}")
        (company,) = settlement.parties_page(merchant_id=merchant, kind="dealer")
        make_staff(merchant, role="clerk", login="g1", location_id=shop.own)
        make_staff(merchant, role="dealer", login="owner", dealer_id=company.dealer_id)
    leader = Caller(
        merchant, role="store_manager", location_id=shop.own, permissions=["statements.view"]
    )
    clerk, dealer = (Caller(merchant, login=login) for login in ("g1", "owner"))

    assert names(clerk) == {"clerk:g1"}
    assert names(dealer) == {f"dealer:{shop.dealer}", f"place:{shop.franchise_code}"}
    assert names(leader) == set()
    leader.get(f"/parties/{other}", expect=404)
    clerk.get(f"/parties/{other}/entries", expect=404)


def test_a_receiver_is_named_and_shown_by_its_end(merchant: int, caller: Caller) -> None:
    sold(merchant)
    with tenancy.scope(merchant_id=merchant):
        party_id = party_id_of(merchant, "clerk:G1")
        make_account(merchant)

    named = caller.post(
        f"/parties/{party_id}/receiver",
        {"account_code": "simulated", "receiver": "openid-123456", "reason": "contract"},
    )

    assert (named["account_code"], named["receiver"]) == ("simulated", "*********3456")


def names(caller: Caller) -> set[str]:
    return {each["code"] for each in caller.get("/parties")["items"]}
