"""Shares, payouts and statements on the console: who sees what, and what each may do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from santong.console.tests.settlement_people import desk, make_people
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_staff
from santong.settlement import public as settlement
from santong.settlement.tests.factories import (
    NOW,
    Shop,
    make_account,
    make_clerks,
    make_sale,
    owe_clerk,
    party_id_of,
    somebody,
)

CLOSED_AT = NOW + timedelta(days=40)
MOST_QUESTIONS = 40


@pytest.fixture
def shop(merchant: int) -> Shop:
    return make_people(merchant)


@pytest.fixture
def months(shop: Shop) -> dict[str, int]:
    """The month, closed: statements by the code of their party."""
    with tenancy.scope(merchant_id=shop.merchant_id):
        settlement.close_month(merchant_id=shop.merchant_id, month=NOW.date(), now=CLOSED_AT)
        found = settlement.statements_page(merchant_id=shop.merchant_id)
    return {each.party_code: each.id for each in found}


def test_an_orders_page_leads_to_who_gets_what_and_why(shop: Shop) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        sale = make_sale(shop, guide="g1", seller=shop.own_code)
    at = desk(shop.merchant_id, "first")

    _, order = at.open(f"/console/orders/{sale.order_id}/")
    status, text = at.open(f"/console/shares/orders/{sale.order_id}/")

    assert "Who gets what of it" in order
    assert status == 200
    assert "10 % of what was paid ¥100.00" in text
    assert "what no rule takes of ¥100.00" in text
    assert "rules, version 1" in text


def test_a_set_of_rules_says_what_an_order_would_give(shop: Shop) -> None:
    merchant_id = shop.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        rules = settlement.rule_set_at(merchant_id=merchant_id, at=NOW)
        sale = make_sale(shop, guide="g1", seller=shop.own_code)
        share = settlement.shares_page(merchant_id=merchant_id, limit=1)[0]
    assert rules is not None
    at = desk(merchant_id, "first")
    with tenancy.scope(merchant_id=merchant_id):
        number = order_number(merchant_id, sale.order_id)

    _, text = at.open(f"/console/share-rules/{rules.id}/?order={number}")
    _, unknown = at.open(f"/console/share-rules/{rules.id}/?order=nowhere")

    assert "Clerk 10 % of what was paid" in text
    assert "Clerk g1 ¥10.00 ¥10.00" in text
    assert "No order has this number." in unknown
    assert share.document == sale.document


def order_number(merchant_id: int, order_id: int | None) -> str:
    from santong.orders import public as orders  # noqa: PLC0415

    assert order_id is not None
    return orders.order_by_id(merchant_id=merchant_id, order_id=order_id).external_number


def test_shares_are_found_by_party_by_state_and_by_day(shop: Shop) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        make_sale(shop, guide="g3")
    at = desk(shop.merchant_id, "first")

    def rows(query: str) -> tuple[bool, bool]:
        _, text = at.open(f"/console/shares/?{query}")
        return "Clerk g1" in text, "Clerk g3" in text

    assert rows("") == (True, True)
    assert rows("party=g1") == (True, False)
    assert rows("state=due") == (True, False)
    assert rows("state=pending") == (False, True)
    assert rows("state=reversed") == (False, False)
    assert rows("day=2026-11-11") == (True, True)
    assert rows("day=2026-11-12") == (False, False)
    assert rows("party=nobody") == (False, False)


def test_a_clerk_sees_and_agrees_to_their_own_month_only(
    shop: Shop, months: dict[str, int]
) -> None:
    at = desk(shop.merchant_id, "g1")

    _, listed = at.open("/console/statements/")
    others, _ = at.open(f"/console/statements/{months['clerk:g2']}/")
    taken, _ = at.send(f"/console/statements/{months['clerk:g2']}/confirm/")
    status, text = at.send(f"/console/statements/{months['clerk:g1']}/confirm/")

    assert "Clerk g1" in listed
    assert "g2" not in listed
    assert "Head office" not in listed
    assert (others, taken) == (404, 404)
    assert status == 200
    assert "Agreed. Thank you." in text
    with tenancy.scope(merchant_id=shop.merchant_id):
        states = {
            each.party_code: each.state
            for each in settlement.statements_page(merchant_id=shop.merchant_id)
        }
    assert states["clerk:g1"] == "confirmed"
    assert states["clerk:g2"] == "closed"


def test_a_disputed_line_is_answered_before_the_month_is_agreed_to(
    shop: Shop, months: dict[str, int]
) -> None:
    merchant_id, statement = shop.merchant_id, months["clerk:g1"]
    clerk, head = desk(merchant_id, "g1"), desk(merchant_id, "first")
    with tenancy.scope(merchant_id=merchant_id):
        (entry,) = settlement.entries_page(
            merchant_id=merchant_id, party_id=party_id_of(merchant_id, "clerk:g1"), currency="CNY"
        )
    dispute = f"/console/statements/{statement}/lines/{entry.id}/dispute/"

    _, text = clerk.send(dispute, reason="a fifth was agreed")
    again, _ = clerk.send(dispute, reason="once more")
    early, _ = clerk.send(f"/console/statements/{statement}/confirm/")
    with tenancy.scope(merchant_id=merchant_id):
        (claim,) = settlement.claims_page(merchant_id=merchant_id)
    own, _ = clerk.send(
        f"/console/claims/{claim.id}/accept/", way="more", amount="900", reason="mine"
    )
    head.send(f"/console/claims/{claim.id}/accept/", way="more", amount="10", reason="so it was")
    late, _ = clerk.send(f"/console/statements/{statement}/confirm/")

    assert "a fifth was agreed" in text
    assert (again, early, own, late) == (409, 409, 403, 200)
    with tenancy.scope(merchant_id=merchant_id):
        (answered,) = settlement.claims_page(merchant_id=merchant_id)
    assert (answered.state, answered.correction_minor) == ("accepted", 1_000)


def test_a_file_has_every_line_and_adds_up(shop: Shop, months: dict[str, int]) -> None:
    at = desk(shop.merchant_id, "g1")

    answer = at.client.get(f"/console/statements/{months['clerk:g1']}/file/")
    other = at.client.get(f"/console/statements/{months['clerk:g2']}/file/")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == ["Share"]
    assert [row[5] for row in rows[1:]] == ["10.00"]
    assert "attachment" in answer["Content-Disposition"]
    assert other.status_code == 404


@pytest.mark.parametrize(
    ("login", "statuses"),
    [
        ("service", (403, 403, 403, 403)),
        ("g1", (403, 403, 403, 200)),
        ("chief", (403, 403, 403, 200)),
        ("first", (200, 200, 200, 200)),
    ],
    ids=["service", "clerk", "manager", "finance"],
)
def test_pages_of_money_open_for_whom_they_are_for(
    shop: Shop, login: str, statuses: tuple[int, ...]
) -> None:
    at = desk(shop.merchant_id, login)

    paths = ("shares", "share-rules", "payouts", "statements")
    assert tuple(at.open(f"/console/{path}/")[0] for path in paths) == statuses


def test_a_party_is_paid_where_finance_says_and_its_receiver_stands_masked(shop: Shop) -> None:
    merchant_id = shop.merchant_id
    with tenancy.scope(merchant_id=merchant_id):
        party_id = party_id_of(merchant_id, "clerk:g1")
        account = make_account(merchant_id)

    _, text = desk(merchant_id, "first").send(
        f"/console/parties/{party_id}/receiver/",
        account=account,
        receiver="openid-of-another",
        open="yes",
        reason="new phone",
    )

    assert "*************ther" in text
    assert "openid-of-another" not in text


def test_pages_of_money_ask_no_more_for_more_rows(
    new_merchant: Callable[..., int],
) -> None:
    asked = [_questions(new_merchant(), guides) for guides in (("a",), tuple("abcdefgh"))]

    few, many = asked
    assert few.keys() == many.keys()
    grown = {path: (few[path], many[path]) for path in few if many[path] > few[path] + 2}
    assert grown == {}
    assert max(many.values()) <= MOST_QUESTIONS


def _questions(merchant_id: int, guides: tuple[str, ...]) -> dict[str, int]:
    """How much every page asks of a merchant with so many clerks, by a name of the page."""
    with tenancy.scope(merchant_id=merchant_id):
        shop = make_clerks(merchant_id, *guides)
        make_staff(merchant_id, login="first", role="finance")
        for guide in guides:
            owe_clerk(shop, guide=guide)
        run, *_ = [_drafted(merchant_id, by=number) for number, _ in enumerate(guides)]
        settlement.close_month(merchant_id=merchant_id, month=NOW.date(), now=CLOSED_AT)
        statement = settlement.statements_page(merchant_id=merchant_id)[0]
        share = settlement.shares_page(merchant_id=merchant_id)[0]
    at = desk(merchant_id, "first")
    paths = {
        "shares": "/console/shares/",
        "order": f"/console/shares/orders/{share.order_id}/",
        "rules": "/console/share-rules/",
        "parties": "/console/parties/",
        "party": f"/console/parties/{statement.party_id}/",
        "payouts": "/console/payouts/",
        "run": f"/console/payouts/{run.id}/",
        "statements": "/console/statements/",
        "statement": f"/console/statements/{statement.id}/",
    }
    return {name: at.questions(path) for name, path in paths.items()}


def _drafted(merchant_id: int, *, by: int) -> settlement.PayoutRun:
    with somebody(by):
        return settlement.draft_payouts(
            merchant_id=merchant_id,
            account_code=make_account(merchant_id),
            currency="CNY",
            minimum_minor=1,
            limits=settlement.PayoutLimits(),
            now=NOW,
        )


def test_who_leads_a_store_sees_the_stores_books_and_its_clerk_does_not(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant):
        shop = make_clerks(merchant, "g1")
        settlement.publish_rules(
            merchant_id=merchant,
            terms=settlement.SharingTerms(
                rules=(settlement.Rule(code="store", role="seller", rate_bp=500),)
            ),
            reason="stores, too",
            now=NOW,
        )
        make_sale(shop, seller=shop.own_code)
        make_staff(merchant, login="chief", role="store_manager", location_id=shop.own)
        make_staff(merchant, login="g1", role="clerk", location_id=shop.own)
        place = party_id_of(merchant, f"place:{shop.own_code}")
        clerk = party_id_of(merchant, "clerk:g1")

    def seen(login: str) -> tuple[int, int]:
        at = desk(merchant, login)
        return at.open(f"/console/parties/{place}/")[0], at.open(f"/console/parties/{clerk}/")[0]

    assert seen("chief") == (200, 404)
    assert seen("g1") == (404, 200)
