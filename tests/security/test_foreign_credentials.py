"""Every operation of the API and every page, tried by people who have no business there.

The list of operations comes from the OpenAPI document, the list of pages from the addresses: what
is added is tried without anybody thinking of it.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client
from tests.security.conftest import Scene
from tests.security.examples import AN_INSTANT, body_of

from santong.config.api import api
from santong.console.urls import urlpatterns
from santong.merchants.tests.factories import PASSWORD

DOCUMENT = json.loads(json.dumps(api.get_openapi_schema(), default=str))
OPERATIONS = [
    (method, path, operation)
    for path, operations in DOCUMENT["paths"].items()
    for method, operation in operations.items()
]
NAMES = [f"{method.upper()} {path}" for method, path, _ in OPERATIONS]
PAGES = [str(each.pattern) for each in urlpatterns]

# What everybody of a merchant may read, wherever they work: goods are the same everywhere.
SHARED = {"/api/v1/me", "/api/v1/skus/{sku_id}", "/api/v1/barcodes/{scanned}"}
# Persons are the merchant's: whoever serves them anywhere sees them masked.
SHARED |= {path for _, path, _ in OPERATIONS if path.startswith("/api/v1/persons/{person_id}")}
# A wallet is the member's wherever they are served.
SHARED |= {"/api/v1/members/{member_id}/wallet"}
# A batch, too, is the merchant's: what it gives, and how much of it has been given, is no secret of
# a place.
SHARED |= {"/api/v1/benefit-batches/{batch_id}", "/api/v1/benefit-batches/{batch_id}/funnel"}
# A card is served wherever it is shown; what its programme promises is no secret of a place.
SHARED |= {
    "/api/v1/prepaid-cards/{card_id}",
    "/api/v1/prepaid-cards/{card_id}/statement",
    "/api/v1/card-programmes/{card_programme_code}/terms",
}
# What is offered before it is there is no secret of a place either.
SHARED |= {"/api/v1/presale-offers/{presale_offer_id}"}
# What is offered in stages is offered everywhere.
SHARED |= {"/api/v1/stage-plans/{stage_plan_code}/versions"}
# Asked by a code that two merchants may both use: each gets its own.
BY_CODE = {"/api/v1/barcodes/{scanned}"}
# Calendars, policies and years of a country are called alike by many.
NAMED_ALIKE = {"calendar_code": "office", "policy_code": "ship", "region": "CN", "year": "2026"}
BY_CODE |= {path for _, path, _ in OPERATIONS if any(f"{{{each}}}" in path for each in NAMED_ALIKE)}
BY_CODE |= {path for _, path, _ in OPERATIONS if "{code}" in path}
# Its answer holds one refusal for each order.
ONE_BY_ONE = {"/api/v1/orders/bulk"}
# Only reads; what is asked about somebody does not stand in an address.
ASKS = {"/api/v1/persons/find", "/api/v1/members/find", "/api/v1/member-bindings/query"}
ASKS |= {"/api/v1/prepaid-card-checks", "/api/v1/card-purchase-checks"}
# A member is served wherever they come, and may be given a coupon there.
SERVED_ANYWHERE = {"/api/v1/coupon-claims"}
# Any store of the brand takes what was bought at another.
SERVED_ANYWHERE |= {"/api/v1/orders/{order_id}/case-links"}
SERVED_ANYWHERE |= {"/api/v1/orders/{order_id}/case-links/renewals"}
SHARED |= {"/api/v1/orders/{order_id}/claimable", "/api/v1/agreement-templates/{code}"}
# So is whoever has a prepaid card of the merchant.
SERVED_ANYWHERE |= {
    "/api/v1/prepaid-cards",
    "/api/v1/prepaid-cards/{card_id}/top-ups",
    "/api/v1/prepaid-cards/{card_id}/extend",
    "/api/v1/prepaid-top-ups/{top_up_id}/cancel",
}
# The stranger's merchant was made like ours but for its name, which is in the names of its things.
TELLING = re.compile("青禾")
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
# The scene's card was not paid: whoever serves it learns that, and changes nothing.
UNUSABLE = {
    path: {HTTPStatus.CONFLICT}
    for path in (
        "/api/v1/prepaid-cards/{card_id}/activate",
        "/api/v1/prepaid-cards/{card_id}/freeze",
        "/api/v1/prepaid-cards/{card_id}/unfreeze",
        "/api/v1/prepaid-top-ups/{top_up_id}/land",
    )
}

_keys = itertools.count(1)

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_another_merchant_reads_and_changes_nothing(
    scene: Scene, method: str, path: str, operation: Mapping[str, Any]
) -> None:
    answer = call(scene, method, path, operation, token=scene.stranger)

    if "{" in path and path not in BY_CODE:
        assert answer.status_code == HTTPStatus.NOT_FOUND, answer.content
    assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    assert not TELLING.search(answer.content.decode())
    assert scene.rows.changed() == set()


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_a_clerk_of_another_place_reads_and_changes_nothing(
    scene: Scene, method: str, path: str, operation: Mapping[str, Any]
) -> None:
    answer = call(scene, method, path, operation, token=scene.elsewhere)

    if path in SERVED_ANYWHERE and method != "get":
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.CREATED}, answer.content
        scene.rows.changed()
        return
    if "{" in path and path not in SHARED:
        assert answer.status_code in REFUSED | UNUSABLE.get(path, set()), answer.content
    if method != "get" and path not in ONE_BY_ONE | ASKS:
        assert HTTPStatus.BAD_REQUEST <= answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR
    if path in {"/api/v1/orders", "/api/v1/fulfilment-orders", "/api/v1/exceptions"}:
        assert not re.search("2026-(offered|split)", answer.content.decode())
    assert scene.rows.changed() == set()


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_whoever_may_nothing_gets_nothing(
    scene: Scene, method: str, path: str, operation: Mapping[str, Any]
) -> None:
    answer = call(scene, method, path, operation, token=scene.powerless)

    if path != "/api/v1/me":
        assert answer.status_code == HTTPStatus.FORBIDDEN, answer.content
    assert scene.rows.changed() == set()


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=NAMES)
def test_nobody_without_a_credential_gets_anything(
    scene: Scene, method: str, path: str, operation: Mapping[str, Any]
) -> None:
    answer = call(scene, method, path, operation, token="")

    assert answer.status_code == HTTPStatus.UNAUTHORIZED


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_merchants_head_office_sees_no_page_of_ours(scene: Scene, method: str) -> None:
    client = logged_in(scene.stranger_code, "head")
    scene.rows.changed()

    answers = {path: visit(scene, client, method, path) for path in PAGES}

    with_ids = {
        path: answers[path].status_code for path in PAGES if "<" in path and path not in OF_NOBODY
    }
    wrong = {path: status for path, status in with_ids.items() if status not in NO_SUCH_PAGE}
    assert wrong == {}
    told = {path for path in OF_NOBODY if TELLING.search(answers[path].content.decode())}
    assert told == set()
    assert scene.rows.changed() == set()


# A page that only reads refuses to be sent a form, and the other way round, before it looks.
NO_SUCH_PAGE = {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}
# The form of a kind of benefit is the same for every merchant.
OF_NOBODY = {"console/benefits/kinds/<kind>/", "console/benefits/kinds/<kind>/create/"}
# By a code that two merchants may both use each opens its own, which TELLING tells apart.
OF_NOBODY |= {
    path for path in PAGES if re.search("<(code|calendar_code|policy_code|region)>", path)
}
# What goods cost, what programmes and batches promise, and what supplies hold, is the same for all.
TO_READ_OF_GOODS = {
    "console/stock/skus/<sku_id>/",
    "console/programmes/<programme_id>/",
    "console/benefits/<batch_id>/",
    "console/supplies/<supply_id>/",
}
# A card is served wherever it is shown; what its programme promises is no secret of a place.
TO_READ_OF_GOODS |= {
    "console/cards/<card_id>/",
    "console/cards/programmes/<card_programme_code>/",
    "console/stage-plans/<stage_plan_code>/",
}
TO_READ_OF_GOODS |= {"console/presales/<presale_offer_id>/"}
# What is offered in advance is sold anywhere: a clerk joins their own buyers, at their own place.
TO_READ_OF_GOODS |= {"console/presales/<presale_offer_id>/join/"}
# What can be promised is the same everywhere.
TO_READ_OF_GOODS |= {"console/agreements/templates/<code>/"}


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_clerk_of_another_place_sees_no_page_of_this_place(scene: Scene, method: str) -> None:
    client = logged_in(scene.world.code, "elsewhere")
    scene.rows.changed()

    answers = {path: visit(scene, client, method, path) for path in PAGES}

    wrong = {
        path: answer.status_code
        for path, answer in answers.items()
        if "<" in path
        and path not in TO_READ_OF_GOODS
        and answer.status_code not in NO_SUCH_PAGE | REFUSED
    }
    assert wrong == {}
    read = {
        path
        for path, answer in answers.items()
        if answer.status_code == HTTPStatus.OK
        and re.search("2026-(offered|split)|上海南京路店", answer.content.decode())
    }
    assert read == set()
    assert scene.rows.changed() == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_has_no_role_sees_no_page(scene: Scene, method: str) -> None:
    client = logged_in(scene.world.code, "nobody")
    scene.rows.changed()

    answers = {path: visit(scene, client, method, path) for path in PAGES if path}

    allowed = {HTTPStatus.FORBIDDEN, HTTPStatus.METHOD_NOT_ALLOWED}
    wrong = {
        path: each.status_code for path, each in answers.items() if each.status_code not in allowed
    }
    assert wrong == {}
    assert scene.rows.changed() == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_asked_to_log_in(scene: Scene, method: str) -> None:
    answers = {path: visit(scene, Client(), method, path) for path in PAGES if path}

    for answer in answers.values():
        if answer.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            assert answer.status_code == HTTPStatus.FOUND
            assert answer["Location"].startswith("/log-in/")


def call(scene: Scene, method: str, path: str, operation: Mapping[str, Any], *, token: str) -> Any:
    """One request with ids of the scene's world wherever an id or a code is wanted."""
    named = {**NAMED_ALIKE, "clock_id": str(scene.world.clocks.clock_id)}
    named |= after_sale(scene, path)
    for name, number in {**scene.ids, "scanned": scene.world.skus[0].code, **named}.items():
        path = path.replace(f"{{{name}}}", number)
    headers = {"Idempotency-Key": f"foreign-{next(_keys)}", "If-Match": '"1"'}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    body = body_of(operation, document=DOCUMENT, known=known_values(scene))
    return getattr(Client(), method)(
        path,
        **({} if method == "get" else {"data": json.dumps(body)}),
        content_type="application/json",
        headers=headers,
    )


def after_sale(scene: Scene, path: str) -> dict[str, str]:
    """Cases and claims after the sale share the names of their ids with other things."""
    if "/cases/" in path:
        return {"case_id": str(scene.world.cases.case_id)}
    if "/carrier-claims/" in path:
        return {"claim_id": scene.ids["carrier_claim_id"]}
    return {}


def known_values(scene: Scene) -> dict[str, Any]:
    """Values for fields whose names say what they want."""
    line = scene.ids["work_id"]
    return {
        **scene.ids,
        "storefront_code": "tmall",
        "sku_code": scene.world.skus[0].code,
        "style_code": "CH1001",
        "currency": "CNY",
        "document": "deposit:1",
        "account_code": "simulated",
        "role": "clerk",
        "carrier": "sf",
        "picked_by_line": {line: 1},
        "paid_at": AN_INSTANT,
        "placed_at": AN_INSTANT,
        "permissions": ["orders.view"],
        "seller_location_code": scene.world.store.code,
        "country": "CN",
        "timezone": "Asia/Shanghai",
        "latitude": 31.2,
        "longitude": 121.4,
    }


def logged_in(merchant: str, login: str) -> Client:
    client = Client()
    answer = client.post(
        "/log-in/", {"merchant": merchant, "login": login, "password": PASSWORD, "next": ""}
    )
    assert answer.status_code == HTTPStatus.FOUND
    return client


def visit(scene: Scene, client: Client, method: str, path: str) -> Any:
    """Open a page, or send it a form in which every field of every form is filled in."""
    words = {"step": "accept", "what": "drop", "answer": "reject", "kind": "cash"}
    values = {**scene.ids, **words, "month": "2026-10"}
    values |= after_sale(scene, path)
    address = "/" + re.sub(r"<(\w+)>", lambda name: values[name.group(1)], path)
    form = {
        "key": f"foreign-page-{next(_keys)}",
        "reason": "no_time",
        "resolution": "noted",
        "note": "",
        "delta": "-1",
        "counted": "1",
        "external_id": "x",
        "provider": "x",
        "carrier": "sf",
        "tracking_number": "x",
        "code": "000000",
    }
    return client.get(address) if method == "get" else client.post(address, form)
