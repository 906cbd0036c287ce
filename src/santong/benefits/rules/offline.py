"""Offline codes: a till that cannot ask verifies a signature, and asks nobody.

A code says which coupon it is, what it is worth, and from when until when it holds; Ed25519 signs
that (RFC 8032). Tills know the public key alone, so whoever steals one can make no code.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from santong.benefits.contracts import KINDS, Kind

PREFIX = "ST1."
# version of the key, kind, merchant, coupon, batch, attempt, worth, from, until (0: without end)
_BODY = struct.Struct(">BBQQQHQII")
_SIGNATURE_BYTES = 64
_LONGEST = 400

Fault = Literal["not a code", "another merchant", "unknown key", "forged", "too early", "too late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineCode:
    """What a till reads in an offline code. `value` is what the kind's terms say first."""

    key_version: int
    merchant_id: int
    coupon_id: int
    batch_id: int
    attempt: int
    kind: Kind
    value: int
    valid_from: datetime
    valid_until: datetime | None


def signed(code: OfflineCode, *, private: bytes) -> str:
    """The code as text that shows as a QR code."""
    body = _BODY.pack(
        code.key_version,
        KINDS.index(code.kind),
        code.merchant_id,
        code.coupon_id,
        code.batch_id,
        code.attempt,
        code.value,
        int(code.valid_from.timestamp()),
        0 if code.valid_until is None else int(code.valid_until.timestamp()),
    )
    signature = Ed25519PrivateKey.from_private_bytes(private).sign(body)
    return PREFIX + base64.urlsafe_b64encode(body + signature).decode().rstrip("=")


def verified(
    text: str, *, merchant_id: int, public_by_version: Mapping[int, bytes], at: datetime
) -> OfflineCode | Fault:
    """What a code says, if this merchant signed it and it holds at this moment; else its fault."""
    raw = _raw(text)
    if raw is None:
        return "not a code"
    body, signature = raw[: _BODY.size], raw[_BODY.size :]
    version, kind, merchant, coupon, batch, attempt, value, begins, ends = _BODY.unpack(body)
    if merchant != merchant_id:
        return "another merchant"
    public = public_by_version.get(version)
    if public is None:
        return "unknown key"
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
    except InvalidSignature:
        return "forged"
    code = OfflineCode(
        key_version=version,
        merchant_id=merchant,
        coupon_id=coupon,
        batch_id=batch,
        attempt=attempt,
        kind=KINDS[int(kind)],
        value=value,
        valid_from=datetime.fromtimestamp(begins, UTC),
        valid_until=datetime.fromtimestamp(ends, UTC) if ends else None,
    )
    return _fault_of_time(code, at) or code


def _fault_of_time(code: OfflineCode, at: datetime) -> Fault | None:
    if at < code.valid_from:
        return "too early"
    return "too late" if code.valid_until is not None and code.valid_until <= at else None


def _raw(text: str) -> bytes | None:
    if not text.startswith(PREFIX) or len(text) > _LONGEST or not text.isascii():
        return None
    encoded = text.removeprefix(PREFIX)
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    is_right = len(raw) == _BODY.size + _SIGNATURE_BYTES and raw[1] < len(KINDS)
    return raw if is_right else None
