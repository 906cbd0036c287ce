"""The signed form of a code says what it says, and nothing else passes for it."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from santong.stagedsales.rules.offline import PREFIX, SignedCode, signed_part, verified, written

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = {1: PRIVATE.public_key().public_bytes_raw()}


def said(**changed: Any) -> SignedCode:
    given: dict[str, Any] = {
        "key_version": 1,
        "merchant_id": 7,
        "sale_id": 12,
        "code": "001234567890",
        "valid_until": NOW + timedelta(days=1),
        **changed,
    }
    return SignedCode(**given)


def text_of(code: SignedCode) -> str:
    return written(code, signature=PRIVATE.sign(signed_part(code)))


def read(text: str, **asked: Any) -> Any:
    return verified(text, **{"merchant_id": 7, "public_by_version": PUBLIC, "at": NOW, **asked})


@given(code=st.from_regex(r"\A[0-9]{12}\Z"), sale_id=st.integers(1, 2**63 - 1))
def test_what_was_signed_is_read_again(code: str, sale_id: int) -> None:
    signed = said(code=code, sale_id=sale_id)

    assert read(text_of(signed)) == signed


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"merchant_id": 8}, "another merchant"),
        ({"public_by_version": {2: PUBLIC[1]}}, "unknown key"),
        ({"public_by_version": {1: bytes(range(32))}}, "forged"),
        ({"at": NOW + timedelta(days=1)}, "too late"),
    ],
)
def test_what_does_not_hold_says_why(asked: dict[str, Any], fault: str) -> None:
    assert read(text_of(said()), **asked) == fault


@given(place=st.integers(0, 92), bit=st.integers(0, 7))
def test_no_bit_of_it_can_be_changed(place: int, bit: int) -> None:
    text = text_of(said())
    raw = bytearray(base64.urlsafe_b64decode(text.removeprefix(PREFIX) + "=="))
    raw[place] ^= 1 << bit
    changed = PREFIX + base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("=")

    assert read(changed) in {"forged", "another merchant", "unknown key"}


@given(text=st.text(max_size=200))
def test_anything_else_is_no_code(text: str) -> None:
    assert read(PREFIX + text) == "not a code"
