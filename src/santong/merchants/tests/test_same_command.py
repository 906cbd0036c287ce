"""Same command, same answer: over HTTP, with any endpoint that changes something."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import chain
from typing import Any

import pytest
from django.test import Client

from santong.kernel import tenancy
from santong.kernel.models import AuditEntry, IdempotencyKey
from santong.merchants import public as merchants
from santong.merchants.tests.factories import make_token

BRANDS = "/api/v1/brands"
SPRING = '{"code": "spring", "name": "春晓"}'


def post(secret: str, body: str, *, key: str) -> Any:
    return Client(headers={"authorization": f"Bearer {secret}"}).post(
        BRANDS, body, content_type="application/json", headers={"Idempotency-Key": key}
    )


@pytest.fixture
def secret(merchant: int) -> str:
    with tenancy.scope(merchant_id=merchant):
        return make_token(merchant)


def test_one_key_sent_a_hundred_times_at_once_has_one_effect_and_one_answer(
    merchant: int, secret: str, at_once: Callable[..., list[Any]]
) -> None:
    def send_four_times() -> list[tuple[int, bytes]]:
        answers = [post(secret, SPRING, key="once") for _ in range(4)]
        return [(answer.status_code, answer.content) for answer in answers]

    answers = list(chain.from_iterable(at_once(*[send_four_times] * 25)))

    assert len(answers) == 100
    assert len(set(answers)) == 1
    assert answers[0][0] == 201
    with tenancy.scope(merchant_id=merchant):
        assert len(merchants.brands(merchant_id=merchant)) == 1
        assert AuditEntry.objects.filter(action="merchants.create_brand").count() == 1


def test_the_first_answer_is_given_again_and_says_so(secret: str) -> None:
    first = post(secret, SPRING, key="once")

    again = post(secret, SPRING, key="once")

    assert again.content == first.content
    assert again["Content-Type"] == first["Content-Type"]
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first


def test_the_same_key_with_another_body_is_a_conflict(merchant: int, secret: str) -> None:
    post(secret, SPRING, key="once")

    other = post(secret, '{"code": "autumn", "name": "秋实"}', key="once")

    assert (other.status_code, other.json()["code"]) == (409, "kernel.idempotency_key_reused")
    with tenancy.scope(merchant_id=merchant):
        assert [b.code for b in merchants.brands(merchant_id=merchant)] == ["spring"]


def test_the_same_key_of_somebody_else_is_a_conflict(merchant: int, secret: str) -> None:
    with tenancy.scope(merchant_id=merchant):
        another = make_token(merchant)
    post(secret, SPRING, key="once")

    assert post(another, SPRING, key="once").status_code == 409


def test_two_merchants_may_use_the_same_key(new_merchant: Callable[..., int]) -> None:
    answers = []
    for merchant_id in (new_merchant(), new_merchant()):
        with tenancy.scope(merchant_id=merchant_id):
            secret = make_token(merchant_id)
        answers.append(post(secret, SPRING, key="once"))

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] != answers[1].json()["id"]


def test_a_refusal_is_not_remembered(merchant: int, secret: str) -> None:
    with tenancy.scope(merchant_id=merchant):
        brand = merchants.create_brand(
            merchant_id=merchant, code="spring", name="春", now=datetime.now(UTC)
        )
    refused = post(secret, SPRING, key="once")
    with tenancy.scope(merchant_id=merchant):
        merchants.brand_by_id(merchant_id=merchant, brand_id=brand.id)
        assert not IdempotencyKey.objects.exists()

    again = post(secret, '{"code": "autumn", "name": "秋"}', key="once")

    assert (refused.status_code, again.status_code) == (409, 201)


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "kernel.idempotency_key_missing"),
        ("x" * 201, "kernel.field_invalid"),
        ("a\tb", "kernel.field_invalid"),
    ],
)
def test_a_command_names_itself(merchant: int, secret: str, key: str, code: str) -> None:
    answer = post(secret, SPRING, key=key)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    with tenancy.scope(merchant_id=merchant):
        assert merchants.brands(merchant_id=merchant) == []


def test_a_kept_answer_is_sealed(merchant: int, secret: str) -> None:
    answer = post(secret, SPRING, key="once")

    with tenancy.scope(merchant_id=merchant):
        kept = bytes(IdempotencyKey.objects.get(key="once").body)
    assert answer.json()["name"].encode() not in kept
    assert b"spring" not in kept
