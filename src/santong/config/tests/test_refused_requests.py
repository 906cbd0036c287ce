"""What is answered before any context is asked."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token

JSON = "application/json"
PROBLEM = "application/problem+json"


@pytest.fixture
def client_of(merchant: int) -> Client:
    with tenancy.scope(merchant_id=merchant):
        return Client(headers={"Authorization": f"Bearer {make_token(merchant)}"})


def create_style(client: Client, body: str) -> Any:
    return client.post(
        "/api/v1/styles", body, content_type=JSON, headers={"Idempotency-Key": "style-1"}
    )


@pytest.mark.parametrize("path", ["/api/v1/no-such-thing", "/api/v2/orders", "/api/"])
def test_an_endpoint_that_is_not_there_is_a_document(client_of: Client, path: str) -> None:
    answer = client_of.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)
    assert answer.json()["code"] == "kernel.no_such_endpoint"
    assert answer.json()["path"] == path


def test_nobody_in_particular_is_told_the_same(database: None) -> None:
    answer = Client().get("/api/v1/no-such-thing")

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


def test_a_page_that_is_not_there_is_a_page(database: None) -> None:
    answer = Client().get("/no-such-page/")

    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("letter", ["\\u0000", "\\ud800"], ids=["NUL", "half a character"])
@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ('{"code": "%s", "name": "大衣"}', "/code"),
        ('{"code": "C1", "more": [{"a/b~c": "x%s"}]}', "/more/0/a~1b~0c"),
        ('{"code": "C1", "more": {"%s": 1}}', "/more"),
    ],
    ids=["a value", "a value inside", "a name"],
)
def test_text_that_no_database_takes_is_refused_where_it_stands(
    client_of: Client, letter: str, body: str, pointer: str
) -> None:
    answer = create_style(client_of, body % letter)

    assert answer.status_code == 422
    assert answer.json()["code"] == "kernel.field_invalid"
    assert answer.json()["pointer"] == pointer


@pytest.mark.parametrize("body", ["{", '{"code": NaN}', "[" * 100_000])
def test_what_is_not_json_is_malformed(client_of: Client, body: str) -> None:
    answer = create_style(client_of, body)

    assert answer.status_code == 400
    assert answer.json()["code"] == "kernel.malformed"
