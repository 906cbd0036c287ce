"""The Universal Commerce Protocol, by the rules that its specification states (2026-04-08)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from santong.agents import contracts
from santong.agents.tests.shopping import (
    Agent,
    Shop,
    begun,
    codes,
    collected_at,
    only_order,
    open_shop,
    paid,
    sent_to,
    sound,
    total,
    wanted,
)
from santong.kernel import tenancy

AtOnce = Callable[..., list[Any]]


def test_the_profile_says_what_can_be_done_and_may_be_kept(shop: Shop) -> None:
    answer = Client().get(f"{shop.base}/.well-known/ucp")

    document = json.loads(answer.content)["ucp"]
    (service,) = document["services"]["dev.ucp.shopping"]
    assert document["version"] == contracts.UCP_VERSION
    assert service["transport"] == "rest"
    assert service["endpoint"].endswith(shop.base)
    assert document["payment_handlers"] == {}
    assert set(document["capabilities"]) >= {"dev.ucp.shopping.checkout"}
    for name, (entry,) in document["capabilities"].items():
        assert entry["spec"].startswith("https://ucp.dev/"), name
        assert entry["schema"].startswith("https://ucp.dev/"), name
    assert "public" in answer["Cache-Control"]
    assert "max-age=300" in answer["Cache-Control"]


def test_a_storefront_that_is_not_open_to_agents_is_not_there(
    merchant: int, platforms: str
) -> None:
    with tenancy.scope(merchant_id=merchant):
        closed = open_shop(merchant, is_open=False)

    assert Client().get(f"{closed.base}/.well-known/ucp").status_code == 404
    status, _ = Agent(closed.base, f"{platforms}/good").post("/checkout-sessions", wanted(closed))
    assert status == 404
    assert Client().get("/ucp/nobody/flagship/.well-known/ucp").status_code == 404


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/gone", 424, "profile_unreachable"),
        ("/nothing", 422, "profile_malformed"),
        ("/old", 422, "version_unsupported"),
    ],
)
def test_a_platform_that_cannot_be_understood_is_told_so(
    shop: Shop, platforms: str, path: str, status: int, code: str
) -> None:
    answer = Agent(shop.base, f"{platforms}{path}").post("/checkout-sessions", wanted(shop))

    assert (answer[0], answer[1]["code"]) == (status, code)


@pytest.mark.parametrize("profile", ["", "ftp://x.example/p", "http://10.0.0.1/p", "not an url"])
def test_a_profile_is_fetched_from_public_https_alone(shop: Shop, profile: str) -> None:
    status, answer = Agent(shop.base, profile).post("/checkout-sessions", wanted(shop))

    assert (status, answer["code"]) == (400, "invalid_profile_url")


@pytest.mark.parametrize("path", ["/bare", "/no-checkout"])
def test_nothing_in_common_is_an_outcome_and_an_extension_falls_with_its_parent(
    shop: Shop, platforms: str, path: str
) -> None:
    status, answer = Agent(shop.base, f"{platforms}{path}").post("/checkout-sessions", wanted(shop))

    assert status == 200
    assert answer["ucp"]["status"] == "error"
    assert answer["ucp"]["capabilities"] == {}
    assert codes(answer) == {"capabilities_incompatible"}


def test_answers_name_what_both_have_and_what_matters_here(
    shop: Shop, agent: Agent, platforms: str
) -> None:
    plain = Agent(shop.base, f"{platforms}/plain")

    both = begun(agent, shop)["ucp"]
    less = begun(plain, shop)["ucp"]
    _, found = agent.post("/catalog/search", {"query": "COAT"})

    assert set(both["capabilities"]) == {
        "dev.ucp.shopping.checkout",
        "dev.ucp.shopping.fulfillment",
    }
    assert set(less["capabilities"]) == {"dev.ucp.shopping.checkout"}
    assert set(found["ucp"]["capabilities"]) == {"dev.ucp.shopping.catalog.search"}


def test_the_catalogue_is_searched_looked_up_and_narrowed(shop: Shop, agent: Agent) -> None:
    style = f"style-{shop.sku_ids['style']}"

    _, everything = agent.post("/catalog/search", {"filters": {}, "pagination": {"limit": 1}})
    cursor = everything["pagination"]["cursor"]
    _, rest = agent.post(
        "/catalog/search", {"filters": {}, "pagination": {"limit": 1, "cursor": cursor}}
    )
    _, cheap = agent.post(
        "/catalog/search",
        {"filters": {"price": {"max": 10_000}}, "context": {"currency": "CNY"}},
    )
    _, named = agent.post("/catalog/lookup", {"ids": [shop.coat, style, shop.coat, "nobody"]})
    _, one = agent.post(
        "/catalog/product", {"id": style, "selected": [{"name": "Size", "label": "L"}]}
    )

    assert everything["pagination"]["has_next_page"]
    assert everything["products"][0]["id"] != rest["products"][0]["id"]
    assert [each["variants"][0]["id"] for each in cheap["products"]] == [shop.scarf]
    (product,) = named["products"]
    assert product["variants"][0]["inputs"] == [
        {"id": shop.coat, "match": "exact"},
        {"id": style, "match": "featured"},
    ]
    sizes = next(each for each in one["product"]["options"] if each["name"] == "Size")
    assert {each["label"]: each["available"] for each in sizes["values"]} == {"M": True, "L": False}
    assert one["product"]["selected"] == [{"name": "Size", "label": "L"}]
    assert agent.post("/catalog/search", {})[0] == 400
    assert agent.post("/catalog/lookup", {"ids": [f"x{n}" for n in range(51)]})[0] == 400
    assert agent.post("/catalog/product", {"id": "sku-1"})[1]["ucp"]["status"] == "error"


def test_a_session_says_what_is_missing_until_it_can_be_placed(shop: Shop, agent: Agent) -> None:
    session = begun(agent, shop)
    path = f"/checkout-sessions/{session['id']}"

    assert session["status"] == "incomplete"
    assert codes(session) == {"missing"}
    assert {each["severity"] for each in session["messages"]} == {"recoverable"}
    assert [each["type"] for each in session["fulfillment"]["methods"]] == ["shipping", "pickup"]
    assert {link["type"] for link in session["links"]} == {"terms_of_service", "privacy_policy"}

    _, half = agent.put(path, wanted(shop, fulfillment=sent_to(street_address="")))
    status, whole = agent.put(path, wanted(shop, fulfillment=sent_to()))

    assert half["messages"][0]["path"].endswith("street_address")
    assert (status, whole["status"]) == (200, "ready_for_complete")
    assert "messages" not in whole
    assert total(whole, "fulfillment") == 1_000
    assert total(whole) == 129_900 + 1_000
    method = whole["fulfillment"]["methods"][0]
    assert method["selected_destination_id"] == method["destinations"][0]["id"]
    assert method["groups"][0]["selected_option_id"] == "standard"
    assert agent.get(path)[1]["totals"] == whole["totals"]


def test_what_is_not_there_is_said_and_nothing_at_all_makes_no_session(
    shop: Shop, agent: Agent
) -> None:
    many = begun(agent, shop, quantity=4)
    body = {"line_items": [{"item": {"id": "sku-999999"}, "quantity": 1}]}
    status, nothing = agent.post("/checkout-sessions", body)

    assert codes(many) == {"out_of_stock"}
    assert many["status"] == "incomplete"
    assert status == 200
    assert nothing["ucp"]["status"] == "error"
    assert nothing["messages"][0]["severity"] == "unrecoverable"
    assert "id" not in nothing


def test_completing_places_an_order_that_its_buyer_pays_on_our_page(
    shop: Shop, agent: Agent
) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    path = f"/checkout-sessions/{session['id']}"

    status, waiting = agent.post(f"{path}/complete")

    order = only_order(shop)
    assert (status, waiting["status"]) == (200, "requires_escalation")
    assert waiting["messages"][0]["severity"] == "requires_buyer_input"
    assert order.total_minor == total(waiting)
    assert order.recipient.name == "钱**"
    page = Client().get(waiting["continue_url"])
    assert page.status_code == 200
    assert order.external_number in page.content.decode()
    assert "文三路" not in page.content.decode()
    assert agent.post(f"{path}/complete")[1]["status"] == "requires_escalation"

    paid(shop, order.id)
    _, done = agent.get(path)

    assert done["status"] == "completed"
    assert done["order"]["id"] == str(order.id)
    assert "continue_url" not in done
    assert done["line_items"] == waiting["line_items"]
    for again in (agent.post(f"{path}/complete"), agent.put(path, wanted(shop))):
        assert again[0] == 409
    assert agent.post(f"{path}/cancel")[0] == 409
    assert sound(shop)


def test_what_is_collected_is_promised_at_its_store(shop: Shop, agent: Agent) -> None:
    buyer = {"first_name": "Jane", "last_name": "Doe", "phone_number": "+8613800138000"}
    session = begun(agent, shop, fulfillment=collected_at(shop.store), buyer=buyer)

    _, waiting = agent.post(f"/checkout-sessions/{session['id']}/complete")

    order = only_order(shop)
    assert session["status"] == "ready_for_complete"
    assert total(session, "fulfillment") == 0
    assert waiting["status"] == "requires_escalation"
    assert order.mode == "pickup"
    assert f"store-{order.pickup_location_id}" == shop.store


def test_of_the_last_units_no_more_are_sold_than_there_are(
    shop: Shop, agent: Agent, at_once: AtOnce
) -> None:
    paths = [
        f"/checkout-sessions/{begun(agent, shop, fulfillment=sent_to())['id']}/complete"
        for _ in range(6)
    ]

    answers = at_once(*[lambda path=path: agent.post(path) for path in paths])

    states = [document["status"] for _, document in answers]
    assert states.count("requires_escalation") == 3
    assert states.count("incomplete") == 3
    short = [document for _, document in answers if document["status"] == "incomplete"]
    assert all(codes(document) == {"out_of_stock"} for document in short)
    assert sound(shop)


def test_one_session_completed_often_at_once_is_one_order(
    shop: Shop, agent: Agent, at_once: AtOnce
) -> None:
    session = begun(agent, shop, fulfillment=sent_to())

    answers = at_once(
        *[lambda: agent.post(f"/checkout-sessions/{session['id']}/complete") for _ in range(4)]
    )

    assert {document["status"] for _, document in answers} == {"requires_escalation"}
    assert only_order(shop).state == "placed"


@pytest.mark.parametrize("body", ["", "[]", "{", '{"line_items": []}', '{"line_items": [{}]}'])
def test_what_is_no_request_is_refused(shop: Shop, agent: Agent, body: str) -> None:
    answer = Client().post(
        f"{shop.base}/checkout-sessions",
        body,
        content_type="application/json",
        headers={"UCP-Agent": f'profile="{agent.profile}"', "Idempotency-Key": "k"},
    )

    assert answer.status_code == 400
    assert json.loads(answer.content)["code"] == "invalid_request"
