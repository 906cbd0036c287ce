"""Whatever is sent, the API answers, and never with a fault of its own.

Requests are made from the OpenAPI document by schemathesis; `SANTONG_FUZZ_CASES` says how many for
each endpoint (`./santong test` makes a few, the long run thousands).
"""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from santong.config.wsgi import application
from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from tests.journeys.shop import open_shop, order_document

CASES = int(os.environ.get("SANTONG_FUZZ_CASES", "4"))

schema = schemathesis.openapi.from_wsgi(
    "/api/v1/openapi.json", application, headers={"Host": "127.0.0.1"}
)
_keys = itertools.count(1)


@pytest.fixture(scope="module")
def credential() -> dict[str, str]:
    """Filled by the first test of the module: one merchant for all of them."""
    return {}


@pytest.fixture
def token(credential: dict[str, str], new_merchant: Callable[..., int]) -> str:
    if not credential:
        merchant_id = new_merchant()
        open_shop(merchant_id, near=5)
        with tenancy.scope(merchant_id=merchant_id):
            credential["secret"] = make_token(merchant_id)
    return credential["secret"]


@schema.parametrize()
@settings(
    max_examples=CASES,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_no_request_breaks_an_endpoint(case: Any, token: str) -> None:
    case.headers = {
        **{name: value for name, value in (case.headers or {}).items() if name != "Authorization"},
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": f"fuzz-{next(_keys)}",
        "Host": "127.0.0.1",
    }

    response = case.call()

    assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, response.text
    case.validate_response(response, checks=(not_a_server_error, response_schema_conformance))


@pytest.mark.parametrize("text", ["\x00", "\ud800", "a\x00b", "\udfff\ud800"])
@pytest.mark.parametrize("field", ["external_number", "storefront_code", "buyer_note"])
def test_text_that_no_database_takes_is_refused(token: str, field: str, text: str) -> None:
    body = json.dumps(order_document() | {field: text})

    answer = Client().post(
        "/api/v1/orders",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"nul-{next(_keys)}"},
    )

    assert answer.status_code in {400, 422}


@pytest.mark.parametrize("path", ["/orders/%00", "/orders?cursor=%00", "/skus?search=%00&limit=1"])
def test_a_nul_in_the_address_is_refused(token: str, path: str) -> None:
    answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})

    assert 400 <= answer.status_code < 500
