"""The ledger over HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.tests.factories import make_token
from santong.payments.tests.factories import (
    NOW,
    earn,
    make_points,
    of,
    spend,
    take_hold,
)

LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture
def asset(merchant: int) -> str:
    with tenancy.scope(merchant_id=merchant):
        return make_points(merchant_id=merchant)


def get(merchant: int, path: str, *, expect: int = 200, permission: str = "ledger.view") -> Any:
    with tenancy.scope(merchant_id=merchant):
        secret = make_token(merchant, permissions=[permission])
    answer = Client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == expect, answer.content.decode()
    return json.loads(answer.content)


def test_what_an_owner_has_is_read_for_all_accounts(merchant: int, asset: str) -> None:
    with tenancy.scope(merchant_id=merchant):
        earn(merchant_id=merchant, account=of(asset, "pending"), amount=7)
        earn(merchant_id=merchant, account=of(asset), amount=50)
        earn(merchant_id=merchant, account=of(asset), amount=5, expires_at=LONG_AGO)
        take_hold(merchant_id=merchant, account=of(asset), amount=20, expires_at=NOW + timedelta(1))

    found = get(merchant, "/ledger/balances?owner=member:1")

    assert found["items"] == [
        {"asset": asset, "account": "available", "posted": 55, "held": 20, "available": 30},
        {"asset": asset, "account": "pending", "posted": 7, "held": 0, "available": 7},
    ]
    assert get(merchant, "/ledger/balances?owner=member:9")["items"] == []


def test_a_statement_is_read_page_by_page_and_leads_to_the_transaction(
    merchant: int, asset: str
) -> None:
    with tenancy.scope(merchant_id=merchant):
        earn(merchant_id=merchant, account=of(asset), amount=50)
        burned = spend(merchant_id=merchant, account=of(asset), amount=20)

    path = f"/ledger/entries?asset={asset}&account=available&owner=member:1&limit=1"
    first = get(merchant, path)
    second = get(merchant, f"{path}&cursor={first['next_cursor']}")

    assert [line["amount"] for line in first["items"] + second["items"]] == [-20, 50]
    assert second["next_cursor"] is None
    found = get(merchant, f"/ledger/transactions/{first['items'][0]['txn_id']}")
    assert (found["id"], found["kind"]) == (str(burned.id), "burn")
    assert [(each["account"], each["amount"]) for each in found["entries"]] == [
        ("available", -20),
        ("redeemed", 20),
    ]


def test_totals_of_an_asset_say_what_is_outstanding(merchant: int, asset: str) -> None:
    with tenancy.scope(merchant_id=merchant):
        earn(merchant_id=merchant, account=of(asset), amount=50)

    found = get(merchant, f"/ledger/totals?asset={asset}")

    assert found["items"] == [
        {"account": "available", "owner": "", "amount": 50},
        {"account": "issued", "owner": "brand:1", "amount": -50},
    ]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/ledger/transactions/1", "payments.no_such_txn"),
        ("/ledger/transactions/x", "kernel.no_such"),
        ("/ledger/totals?asset=points:nobody", "payments.unknown_asset"),
    ],
)
def test_what_is_not_there_is_not_found(merchant: int, path: str, code: str) -> None:
    assert get(merchant, path, expect=404)["code"] == code


def test_the_ledger_is_read_only_by_those_who_may(merchant: int) -> None:
    for path in ("/ledger/balances?owner=x", "/ledger/totals?asset=x", "/ledger/transactions/1"):
        get(merchant, path, expect=403, permission="orders.view")
