"""Tokens of buyers' links: signed by the installation, for one presale order, until renewed.

A token says which merchant and presale order it is for, and proves it: 16 bytes of HMAC-SHA-256,
which nobody guesses. It names no person.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from santong.presales import contracts
from santong.presales.errors import PresaleLinkOver

PREFIX: Final = "/b/"
# Long enough to look up what became of it.
LASTS: Final = timedelta(days=180)
_PARTS: Final = struct.Struct(">QQI")
_PROOF_BYTES: Final = 16
_LENGTH: Final = -(-(_PARTS.size + _PROOF_BYTES) * 4 // 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a good token says."""

    merchant_id: int
    presale_id: int
    round: int


def token_of(*, merchant_id: int, presale: contracts.Presale) -> str:
    """The token that opens a presale order's page."""
    plain = _PARTS.pack(merchant_id, presale.id, presale.link_round)
    return _written(plain + _proof(plain))


def link_of(*, token: str) -> Link:
    """What a token says. Raises PresaleLinkOver."""
    if len(token) != _LENGTH or not token.isascii():
        raise PresaleLinkOver
    try:
        packed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        raise PresaleLinkOver from None
    plain, proof = packed[: _PARTS.size], packed[_PARTS.size :]
    # A token is written in one way: the decoder passes over bits and letters that say nothing.
    if _written(packed) != token or not hmac.compare_digest(proof, _proof(plain)):
        raise PresaleLinkOver
    merchant_id, presale_id, link_round = _PARTS.unpack(plain)
    return Link(merchant_id=merchant_id, presale_id=presale_id, round=link_round)


def is_link_over(*, link: Link, presale: contracts.Presale, now: datetime) -> bool:
    """Whether a link was renewed since, or has opened its page for long enough."""
    return link.round != presale.link_round or now >= presale.closes_at + LASTS


def link_path(*, token: str) -> str:
    """Where a token's page answers."""
    return f"{PREFIX}{token}/"


def path_of(*, merchant_id: int, presale: contracts.Presale) -> str:
    """Where the page of a presale order's buyer answers."""
    return link_path(token=token_of(merchant_id=merchant_id, presale=presale))


def _written(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _proof(plain: bytes) -> bytes:
    key = hmac.digest(settings.SECRET_KEY.encode(), b"presales.link", hashlib.sha256)
    return hmac.digest(key, plain, hashlib.sha256)[:_PROOF_BYTES]
