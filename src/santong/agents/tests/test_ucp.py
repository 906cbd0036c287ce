"""The Universal Commerce Protocol, by the rules that its specification states (2026-04-08)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings

from santong.agents import contracts
from santong.agents.models import CheckoutSession
from santong.agents.selectors.invariants import check_invariants
from santong.agents.selectors.persons import export_person
from santong.agents.services.forget_person import forget_person
from santong.agents.services.tidy_sessions import end_due, erase_old
from santong.agents.tests.shopping import (
    Agent,
    Shop,
    codes,
    collected_at,
    open_shop,
    platform,
    profile_of,
    sent_to,
    total,
    wanted,
)
from santong.customers import public as customers
from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.orders.tests.factories import make_payment

AtOnce = Callable[..., list[Any]]
PROFILES = {
    "/good": profile_of(),
    "/old": profile_of(version="2026-01-11"),
    "/bare": profile_of(capabilities=("dev.ucp.shopping.order",)),
    "/no-checkout": profile_of(capabilities=("dev.ucp.shopping.fulfillment",)),
    "/plain": profile_of(capabilities=("dev.ucp.shopping.checkout",)),
    "/nothing": {"name": "not a profile"},
}


@pytest.fixture(scope="module")
def platforms() -> Iterator[str]:
    with (
        platform(PROFILES) as url,
        override_settings(SANTONG_OUTBOUND_NETWORKS=["127.0.0.0/8"]),
    ):
        yield url


@pytest.fixture
def shop(merchant: int) -> Shop:
    with tenancy.scope(merchant_id=merchant):
        return open_shop(merchant)


@pytest.fixture
def agent(shop: Shop, platforms: str) -> Agent:
    return Agent(shop.base, f"{platforms}/good")


def begun(agent: Agent, shop: Shop, **given: Any) -> dict[str, Any]:
    status, session = agent.post("/checkout-sessions", wanted(shop, **given))
    assert status == 201, session
    found: dict[str, Any] = session
    return found


def paid(shop: Shop, order_id: int) -> None:
    with tenancy.scope(merchant_id=shop.merchant_id):
        order = orders.order_by_id(merchant_id=shop.merchant_id, order_id=order_id)
        orders.record_payment(
            merchant_id=shop.merchant_id,
            order_id=order_id,
            payment=make_payment(amount_minor=order.total_minor),
            now=datetime.now(UTC),
        )


def only_order(shop: Shop) -> orders.Order:
    with tenancy.scope(merchant_id=shop.merchant_id):
        (found,) = orders.orders_page(merchant_id=shop.merchant_id)
        return found


def sound(shop: Shop) -> bool:
    with tenancy.scope(merchant_id=shop.merchant_id):
        found = check_invariants(merchant_id=shop.merchant_id)
        found += inventory.check_invariants(merchant_id=shop.merchant_id)
    assert found == []
    return True


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


def test_the_same_key_is_the_same_call(shop: Shop, agent: Agent) -> None:
    body = wanted(shop)

    first = agent.post("/checkout-sessions", body, key="one")
    again = agent.post("/checkout-sessions", body, key="one")
    other = agent.post("/checkout-sessions", wanted(shop, quantity=2), key="one")
    nameless = Client().post(
        f"{shop.base}/checkout-sessions",
        json.dumps(body),
        content_type="application/json",
        headers={"UCP-Agent": f'profile="{agent.profile}"'},
    )

    assert first == again
    assert (other[0], other[1]["code"]) == (409, "idempotency_key_reused")
    assert nameless.status_code == 400


def test_a_session_is_its_platforms_and_can_be_given_up(
    shop: Shop, agent: Agent, platforms: str
) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    path = f"/checkout-sessions/{session['id']}"
    stranger = Agent(shop.base, f"{platforms}/plain")
    agent.post(f"{path}/complete")

    assert stranger.get(path)[0] == 404
    assert stranger.post(f"{path}/cancel")[0] == 404
    status, ended = agent.post(f"{path}/cancel")

    assert (status, ended["status"]) == (200, "canceled")
    assert only_order(shop).state == "cancelled"
    assert agent.put(path, wanted(shop))[0] == 409
    assert agent.post(f"{path}/cancel")[0] == 409
    assert agent.get("/checkout-sessions/nobody")[0] == 404


def test_a_session_ends_by_itself_and_is_forgotten(shop: Shop, agent: Agent) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    later = datetime.now(UTC) + contracts.LASTS + timedelta(minutes=1)

    with tenancy.scope(merchant_id=shop.merchant_id):
        end_due(merchant_id=shop.merchant_id, now=later)
        row = CheckoutSession.objects.get(merchant_id=shop.merchant_id)
        sealed = bytes(row.asked_sealed)
    assert row.state == "canceled"
    assert "文三路".encode() not in sealed
    assert agent.get(f"/checkout-sessions/{session['id']}")[1]["status"] == "canceled"

    with tenancy.scope(merchant_id=shop.merchant_id):
        erase_old(merchant_id=shop.merchant_id, now=later + timedelta(days=31))
    assert agent.get(f"/checkout-sessions/{session['id']}")[0] == 404
    assert sound(shop)


def test_whoever_is_forgotten_stands_in_no_session(shop: Shop, agent: Agent) -> None:
    session = begun(agent, shop, fulfillment=sent_to())
    other = begun(agent, shop, fulfillment=sent_to(phone_number="13700001111"))
    phone = customers.Identifier(kind="phone", value="+8619900001111")
    person = customers.PersonRecord(person_ids=(1,), identifiers=(phone,))
    now = datetime.now(UTC)

    with tenancy.scope(merchant_id=shop.merchant_id):
        told = export_person(merchant_id=shop.merchant_id, person=person)
        forget_person(merchant_id=shop.merchant_id, person=person, now=now)
        after = export_person(merchant_id=shop.merchant_id, person=person)

    assert "文三路 90 号" in str(told)
    assert after == {"checkout_sessions": []}
    assert agent.get(f"/checkout-sessions/{session['id']}")[0] == 404
    assert agent.get(f"/checkout-sessions/{other['id']}")[0] == 200
    assert sound(shop)


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
