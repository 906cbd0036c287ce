"""Persons over HTTP."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from santong.customers.tests.factories import new_phone
from santong.kernel import tenancy
from santong.merchants.public import PERMISSIONS_BY_ROLE
from santong.merchants.tests.factories import make_token

_keys = itertools.count(1)
Call = Callable[..., Any]


@pytest.fixture
def call(merchant: int) -> Call:
    secrets: dict[str, str] = {}

    def one(
        path: str, body: object = None, *, role: str = "head_office", key: str = "", expect: int
    ) -> Any:
        if role not in secrets:
            with tenancy.scope(merchant_id=merchant):
                secrets[role] = make_token(
                    merchant, role=role, permissions=PERMISSIONS_BY_ROLE[role]
                )
        headers = {"Authorization": f"Bearer {secrets[role]}"}
        if body is None:
            answer = Client().get(f"/api/v1{path}", headers=headers)
        else:
            answer = Client().post(
                f"/api/v1{path}",
                json.dumps(body),
                content_type="application/json",
                headers={**headers, "Idempotency-Key": key or f"persons-{next(_keys)}"},
            )
        assert answer.status_code == expect, answer.content.decode()
        return json.loads(answer.content) if answer.content else None

    return one


def somebody(call: Call, phone: str = "", **profile: str) -> str:
    body = {
        "identifiers": [{"kind": "phone", "value": phone or new_phone().value}],
        "profile": {"name": "王小明", "city": "杭州市", **profile},
        "source": "till",
    }
    found: str = call("/persons/resolve", body, expect=201)["person_id"]
    return found


def test_somebody_is_found_masked_and_by_any_of_their_ids(call: Call) -> None:
    person_id = somebody(call, "13800138000", address="文三路 90 号", district="西湖区")

    shown = call(f"/persons/{person_id}", expect=200)
    (identifier,) = call(f"/persons/{person_id}/identifiers", expect=200)["items"]

    assert (shown["name"], shown["phone"], shown["address"]) == (
        "王**",
        "138****8000",
        "西湖区***",
    )
    assert identifier["value"] == "138****8000"
    found = call(
        "/persons/find", {"identifiers": [{"kind": "phone", "value": "13800138000"}]}, expect=200
    )
    assert found == [{"kind": "phone", "scope": "", "person_ids": [person_id]}]


def test_two_are_merged_and_parted(call: Call) -> None:
    older, younger = somebody(call), somebody(call)

    merge = call(
        f"/persons/{younger}/merge", {"other_id": older, "reason": "same card"}, expect=200
    )
    again = call(f"/persons/{older}/merge", {"other_id": younger, "reason": "x"}, expect=409)

    assert (merge["kept_id"], merge["gone_id"]) == (older, younger)
    assert again["code"] == "customers.same_person"
    assert call(f"/persons/{younger}", expect=200)["id"] == older
    call(f"/merges/{merge['id']}/undo", {"reason": "two after all"}, expect=200)
    assert call(f"/persons/{younger}", expect=200)["id"] == younger
    (listed,) = call(f"/persons/{older}/merges", expect=200)["items"]
    assert listed["undone_at"] is not None


def test_an_identifier_comes_and_goes(call: Call) -> None:
    first, second = somebody(call), somebody(call)
    card = {"kind": "card", "value": "C-1", "scope": "club"}

    attached = call(
        f"/persons/{first}/identifiers", {"identifiers": [card], "source": "till"}, expect=200
    )
    taken = call(
        f"/persons/{second}/identifiers", {"identifiers": [card], "source": "till"}, expect=409
    )
    call(
        f"/persons/{first}/identifiers/detach",
        {"identifier": card, "reason": "lost"},
        expect=204,
    )

    assert attached == {"capped": [], "conflicting": []}
    assert taken["code"] == "customers.identifier_taken"
    call(f"/persons/{second}/identifiers", {"identifiers": [card], "source": "till"}, expect=200)


def test_consent_is_kept_with_its_proof(call: Call) -> None:
    person_id = somebody(call)
    topic = {"purpose": "sharing", "processor": "crm-vendor", "place": "till:1"}
    at = {"given_at": "2026-11-11T15:27:00+08:00"}

    call(
        f"/persons/{person_id}/consents",
        {**topic, **at, "text_version": "v1", "text_hash": "ab" * 32},
        expect=200,
    )
    call(f"/persons/{person_id}/consents/withdraw", {**topic, **at}, expect=200)

    listed = call(f"/persons/{person_id}/consents", expect=200)["items"]
    assert [(each["is_granted"], each["text_hash"]) for each in listed] == [
        (True, "ab" * 32),
        (False, ""),
    ]


def test_what_was_shown_in_clear_text_is_not_shown_again_by_its_key(call: Call) -> None:
    person_id = somebody(call)
    reason = {"reason": "to call back"}

    shown = call(f"/persons/{person_id}/reveal", reason, key="reveal-once", expect=200)
    again = call(f"/persons/{person_id}/reveal", reason, key="reveal-once", expect=409)

    assert shown["name"] == "王小明"
    assert again["code"] == "kernel.answer_not_kept"


@pytest.mark.parametrize(
    ("role", "command", "status"),
    [
        ("clerk", "profile", 200),
        ("clerk", "merge", 403),
        ("clerk", "erase", 403),
        ("clerk", "reveal", 200),
        ("customer_service", "erase", 200),
        ("warehouse", "reveal", 403),
        ("warehouse", "export", 403),
        ("brand_operator", "reveal", 403),
        ("finance", "profile", 403),
    ],
)
def test_who_may_do_what(call: Call, role: str, command: str, status: int) -> None:
    person_id = somebody(call)
    bodies: dict[str, object] = {
        "profile": {"name": "王晓明"},
        "merge": {"other_id": person_id, "reason": "x"},
    }

    call(
        f"/persons/{person_id}/{command}",
        bodies.get(command, {"reason": "asked for it"}),
        role=role,
        expect=status,
    )


@pytest.mark.parametrize("value", ["\x00", "\ud800", "12", "9" * 200])
def test_a_number_that_is_none_is_refused(call: Call, value: str) -> None:
    body = {"identifiers": [{"kind": "phone", "value": value}], "source": "till"}

    call("/persons/resolve", body, expect=422)
