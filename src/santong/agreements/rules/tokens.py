"""The secret of an agreement's link: whose merchant it is, and 144 bits that nobody guesses."""

from __future__ import annotations

import base64
import hashlib
import secrets
import struct
from typing import Final, NamedTuple

_MERCHANT: Final = struct.Struct(">Q")
_SECRET_BYTES: Final = 18
_LENGTH: Final = -(-(_MERCHANT.size + _SECRET_BYTES) * 4 // 3)
_LARGEST: Final = 2**63 - 1


class Opened(NamedTuple):
    """What a token that is well written says."""

    merchant_id: int
    hashed: bytes


def new_token(*, merchant_id: int) -> str:
    """A token that no other link has."""
    return _written(_MERCHANT.pack(merchant_id) + secrets.token_bytes(_SECRET_BYTES))


def hash_of_token(token: str) -> bytes:
    """What is kept of it."""
    return hashlib.sha256(token.encode()).digest()


def opened(token: str) -> Opened | None:
    """Whose token it is, and what is kept of it; nothing, if nobody of ours wrote it."""
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    if _written(packed) != token:
        return None
    (merchant_id,) = _MERCHANT.unpack(packed[: _MERCHANT.size])
    return Opened(merchant_id, hash_of_token(token)) if 0 < merchant_id <= _LARGEST else None


def _written(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")
