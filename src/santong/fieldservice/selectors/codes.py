"""Buyers' codes and links: derived or hashed, so that no table holds one."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from santong.fieldservice.errors import LinkOver
from santong.fieldservice.models import VisitLink
from santong.kernel import crypto

CODE_DIGITS = 6
_SECRET_BYTES = 24
_LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkKey:
    """What a token says before anything is looked up: whose it is, and what its row is found by."""

    merchant_id: int
    hashed: bytes


def new_token(*, merchant_id: int) -> str:
    """A secret that nobody guesses, with the merchant in front: it opens a scope."""
    return f"{merchant_id:x}.{secrets.token_urlsafe(_SECRET_BYTES)}"


def key_of(*, token: str) -> LinkKey:
    """What a token says. Raises LinkOver."""
    number, dot, secret = token.partition(".")
    if not dot or not secret or len(token) > _LONGEST_TOKEN or not token.isascii():
        raise LinkOver
    try:
        merchant_id = int(number, 16)
    except ValueError:
        raise LinkOver from None
    if f"{merchant_id:x}" != number or not 0 < merchant_id < 2**63:
        raise LinkOver
    return LinkKey(merchant_id=merchant_id, hashed=hash_of(token))


def hash_of(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def visit_of_link(*, merchant_id: int, hashed: bytes, now: datetime) -> int:
    """The visit that a link opens now: the one that follows, where one does. Raises LinkOver."""
    row = (
        VisitLink.objects.of_merchant(merchant_id).filter(token_hash=hashed, until__gt=now).first()
    )
    if row is None:
        raise LinkOver
    return row.visit_id


def arrival_code(*, merchant_id: int, visit_id: int) -> str:
    """The code that the buyer shows to whoever has come."""
    return _code(merchant_id, f"arrival:{visit_id}")


def completion_code(*, merchant_id: int, visit_id: int) -> str:
    """The code with which the buyer accepts the work, once."""
    return _code(merchant_id, f"completion:{visit_id}")


def _code(merchant_id: int, what: str) -> str:
    mixed = crypto.blind_index(merchant_id=merchant_id, value=what, purpose="fieldservice.code")
    return f"{int.from_bytes(mixed[:8]) % 10**CODE_DIGITS:0{CODE_DIGITS}}"
