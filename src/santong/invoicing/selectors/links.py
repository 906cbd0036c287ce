"""Tokens of receipts' links: signed by the installation, good until a day, taken back by a round.

A token says which merchant and sale it is for, and proves it: 16 bytes of HMAC-SHA-256, which
nobody guesses. It names no person, and opens nothing but the receipt.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.conf import settings

from santong.invoicing.errors import LinkOver
from santong.invoicing.models import Sale

_PARTS: Final = struct.Struct(">QQII")
_PROOF_BYTES: Final = 16
_LENGTH: Final = -(-(_PARTS.size + _PROOF_BYTES) * 4 // 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a good token says."""

    merchant_id: int
    sale_id: int
    round: int


def token_of(*, sale: Sale, until: datetime) -> str:
    """The token that opens a sale's receipt until then."""
    plain = _PARTS.pack(sale.merchant_id, sale.id, sale.link_round, int(until.timestamp()))
    return _written(plain + _proof(plain))


def link_of(*, token: str, now: datetime) -> Link:
    """What a token says. Whether its round still counts, its sale says. Raises LinkOver."""
    if len(token) != _LENGTH or not token.isascii():
        raise LinkOver
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise LinkOver from None
    plain, proof = packed[: _PARTS.size], packed[_PARTS.size :]
    # A token is written in one way: the decoder passes over bits and letters that say nothing.
    if _written(packed) != token or not hmac.compare_digest(proof, _proof(plain)):
        raise LinkOver
    merchant_id, sale_id, link_round, until = _PARTS.unpack(plain)
    if now >= datetime.fromtimestamp(until, UTC):
        raise LinkOver
    return Link(merchant_id=merchant_id, sale_id=sale_id, round=link_round)


def _written(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _proof(plain: bytes) -> bytes:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"invoicing.link", hashlib.sha256)
    return hmac.digest(key, plain, hashlib.sha256)[:_PROOF_BYTES]
