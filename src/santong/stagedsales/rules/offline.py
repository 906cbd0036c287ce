"""The signed form of a redemption code: a device that cannot ask verifies it, and asks nobody.

It is signed with the merchant's keys for offline codes (Ed25519, RFC 8032): devices know the public
ones already. The first word keeps it from being taken for anything else that was signed with them.
"""

from __future__ import annotations

import base64
import binascii
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from santong.stagedsales.rules.codes import LENGTH

PREFIX: Final = "SS1."
WORD: Final = b"santong.stagedsales.code.1"
# version of the key, merchant, sale, code, valid until
_BODY: Final = struct.Struct(">BQQQI")
_SIGNATURE_BYTES: Final = 64
_LONGEST: Final = 300

Fault = Literal["not a code", "another merchant", "unknown key", "forged", "too late"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedCode:
    """What a device reads in the signed form."""

    key_version: int
    merchant_id: int
    sale_id: int
    code: str
    valid_until: datetime


def signed_part(said: SignedCode) -> bytes:
    """What is signed."""
    return WORD + _body(said)


def written(said: SignedCode, *, signature: bytes) -> str:
    """The signed form as text that shows as a QR code."""
    return PREFIX + base64.urlsafe_b64encode(_body(said) + signature).decode().rstrip("=")


def verified(
    text: str, *, merchant_id: int, public_by_version: Mapping[int, bytes], at: datetime
) -> SignedCode | Fault:
    """What a signed form says, if this merchant signed it and it held at this moment."""
    raw = _raw(text)
    if raw is None:
        return "not a code"
    body, signature = raw[: _BODY.size], raw[_BODY.size :]
    version, merchant, sale, number, ends = _BODY.unpack(body)
    if merchant != merchant_id:
        return "another merchant"
    public = public_by_version.get(version)
    if public is None:
        return "unknown key"
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, WORD + body)
    except InvalidSignature:
        return "forged"
    said = SignedCode(
        key_version=version,
        merchant_id=merchant,
        sale_id=sale,
        code=f"{number:0{LENGTH}}",
        valid_until=datetime.fromtimestamp(ends, UTC),
    )
    return "too late" if said.valid_until <= at else said


def is_signed_form(text: str) -> bool:
    """Whether something that was scanned means to be a signed form."""
    return text.startswith(PREFIX)


def _body(said: SignedCode) -> bytes:
    return _BODY.pack(
        said.key_version,
        said.merchant_id,
        said.sale_id,
        int(said.code),
        int(said.valid_until.timestamp()),
    )


def _raw(text: str) -> bytes | None:
    if not text.startswith(PREFIX) or len(text) > _LONGEST or not text.isascii():
        return None
    encoded = text.removeprefix(PREFIX)
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _BODY.size + _SIGNATURE_BYTES else None
