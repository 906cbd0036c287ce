"""A page asks the database the same number of questions, however many rows there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from santong.kernel import tenancy
from santong.merchants.tests.factories import PASSWORD, make_staff
from santong.stores.tests.factories import make_location

MOST_QUESTIONS = 40
PAGES = (
    "/console/",
    "/console/orders/",
    "/console/stock/",
    "/console/stock/short/",
    "/console/places/",
    "/console/places/points.json",
    "/console/store/",
    "/console/exceptions/",
    "/console/facts/",
    "/console/notices/",
    "/console/staff/",
    "/console/tokens/",
)


@pytest.fixture
def client_of(new_merchant: Callable[..., int]) -> Callable[[int], Client]:
    """Logs somebody of the head office of a merchant with so many places and people in."""
    from santong.merchants import public as merchants  # noqa: PLC0415

    def open_one(size: int) -> Client:
        merchant_id = new_merchant()
        with tenancy.scope(merchant_id=merchant_id):
            code = merchants.merchant(merchant_id=merchant_id).code
            make_staff(merchant_id, login="head")
            for _ in range(size):
                place = make_location(merchant_id=merchant_id)
                make_staff(merchant_id, role="clerk", location_id=place.id)
        client = Client()
        form: dict[str, Any] = {"merchant": code, "login": "head", "password": PASSWORD, "next": ""}
        client.post("/log-in/", form)
        return client

    return open_one


def test_pages_of_a_large_merchant_ask_no_more(client_of: Callable[[int], Client]) -> None:
    small, large = client_of(1), client_of(12)

    for path in PAGES:
        few, many = questions(small, path), questions(large, path)

        assert many <= few + 2, path
        assert many <= MOST_QUESTIONS, path


def questions(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(asked)
