"""Apps over HTTP: registered, tried, gone live, let in, looked at, and shut out."""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.merchants.public import PERMISSIONS
from santong.merchants.tests.factories import make_token
from santong.openplatform import contracts
from santong.openplatform.calls.log import flush_calls, log_call
from santong.openplatform.tests.factories import assert_sound
from santong.openplatform.tests.flow import Flow

_keys = itertools.count(1)


class Developer:
    """A program of a merchant that looks after its apps."""

    def __init__(self, merchant_id: int, permissions: Collection[str] = PERMISSIONS) -> None:
        self.merchant_id = merchant_id
        with tenancy.scope(merchant_id=merchant_id):
            token = make_token(merchant_id, permissions=permissions)
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def post(self, path: str, **body: Any) -> Any:
        return self._send("post", path, body, "Idempotency-Key", f"app-{next(_keys)}-{id(self)}")

    def patch(self, path: str, version: int, **body: Any) -> Any:
        return self._send("patch", path, body, "If-Match", f'"{version}"')

    def get(self, path: str, **query: str) -> Any:
        return self.client.get(f"/api/v1/{path}", query).json()

    def _send(self, how: str, path: str, body: Any, header: str, value: str) -> Any:
        return getattr(self.client, how)(
            f"/api/v1/{path}",
            json.dumps(body),
            content_type="application/json",
            headers={header: value},
        )


@pytest.fixture
def developer(merchant: int) -> Developer:
    return Developer(merchant)


def test_a_merchants_own_app_goes_from_a_draft_to_its_first_call_and_back(
    developer: Developer,
) -> None:
    made = developer.post("apps", name="ERP", packs=["goods"])
    key = made.json()["app"]["app_key"]
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    assert developer.get("apps")["items"] == [made.json()["app"]]

    assert developer.post(f"apps/{key}/try").json()["state"] == "sandbox"
    early = developer.post(f"apps/{key}/go-live")
    assert (early.status_code, early.json()["code"]) == (409, "openplatform.not_ready")
    changed = developer.patch(
        f"apps/{key}", 2, description="Stock", redirect_uris=["https://erp.example.com/cb"]
    )
    assert changed["ETag"] == '"3"'
    assert developer.patch(f"apps/{key}", 2, name="x").status_code == 412
    _call(developer.merchant_id, key)
    approved = developer.post(f"apps/{key}/approve", packs=["base", "goods"], reason="own")
    assert approved.json()["approved_packs"] == ["base", "goods"]
    assert all(c["is_met"] or not c["is_required"] for c in _items(developer, f"apps/{key}/checks"))
    assert developer.post(f"apps/{key}/go-live").json()["state"] == "live"

    given = developer.post(f"apps/{key}/authorise", packs=["goods"], personal_data="none")
    assert given.status_code == 201
    assert given.json()["permissions"] == sorted(given.json()["permissions"])
    secret = made.json()["secret"]["secret"]
    session = Client().post(
        "/oauth/token",
        {"grant_type": "client_credentials", "client_id": key, "client_secret": secret},
    )
    bearer = {"Authorization": f"Bearer {session.json()['access_token']}"}
    assert Client(headers=bearer).get("/api/v1/skus").status_code == 200

    (call,) = _items(developer, f"apps/{key}/calls", only_failures="true")
    assert (call["method"], call["request"]) == ("taobao.item.get", {"num_iid": "***"})
    assert _items(developer, f"app-authorisations/{key}/calls") == _items(
        developer, f"apps/{key}/calls"
    )
    (rate,) = _items(developer, f"apps/{key}/error-rates")
    assert (rate["calls"], rate["failures"]) == (1, 1)
    revoked = developer.post(f"app-authorisations/{key}/revoke", reason="ends")
    assert revoked.json()["revoked_at"] is not None
    assert Client(headers=bearer).get("/api/v1/skus").status_code == 401
    assert [each["app_key"] for each in _items(developer, "app-authorisations")] == [key]
    assert_sound(developer.merchant_id)


def test_a_secret_is_rotated_and_an_app_suspended_and_resumed(developer: Developer) -> None:
    key = developer.post("apps", name="POS").json()["app"]["app_key"]
    developer.post(f"apps/{key}/try")

    rotated = developer.post(f"apps/{key}/secrets", older_lives_minutes=60, reason="yearly")

    assert (rotated.status_code, rotated["Cache-Control"]) == (200, "no-store")
    assert len(rotated.json()["secret"]) == 32
    assert developer.post(f"apps/{key}/secrets", reason="again").status_code == 409
    assert developer.post(f"apps/{key}/suspend", reason="leak").json()["state"] == "suspended"
    assert developer.post(f"apps/{key}/resume", reason="mended").json()["state"] == "sandbox"
    assert "secret" not in developer.get(f"apps/{key}")


def test_another_merchants_app_is_nobody_here(developer: Developer, new_merchant: Any) -> None:
    key = Developer(new_merchant()).post("apps", name="Theirs").json()["app"]["app_key"]

    for path in (f"apps/{key}", f"apps/{key}/checks", f"apps/{key}/calls"):
        assert developer.client.get(f"/api/v1/{path}").status_code == 404
    for path, body in (
        (f"apps/{key}/try", {}),
        (f"apps/{key}/suspend", {"reason": "x"}),
        (f"apps/{key}/authorise", {"packs": ["base"]}),
        (f"app-authorisations/{key}/revoke", {"reason": "x"}),
    ):
        assert developer.post(path, **body).status_code == 404
    taken = developer.post("apps", name="Mine", app_key=key)
    assert (taken.status_code, taken.json()["code"]) == (409, "openplatform.app_key_taken")


def test_packs_are_listed_with_what_they_allow(developer: Developer) -> None:
    packs = {pack["code"]: pack for pack in _items(developer, "function-packs")}

    assert packs["members"]["name"] == "会员通"
    assert packs["members"]["needs_conformance"]
    assert "stock.view" in packs["goods"]["permissions"]


def _items(developer: Developer, path: str, **query: str) -> Any:
    return developer.get(path, **query)["items"]


def _call(merchant_id: int, app_key: str) -> None:
    log_call(
        record=contracts.CallRecord(
            app_key=app_key,
            owner_id=merchant_id,
            seller_id=merchant_id,
            method="taobao.item.get",
            at=Flow.clock(),
            milliseconds=3,
            code="41",
            request={"num_iid": 7},
        )
    )
    flush_calls()
