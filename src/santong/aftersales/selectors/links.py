"""Tokens of buyers' links: which merchant they are of can be read, all else is a secret."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.aftersales.errors import LinkOver
from santong.aftersales.models import BuyerLink
from santong.kernel import crypto

_SECRET_BYTES: Final = 18
_MERCHANT_BYTES: Final = 6
LENGTH: Final = (_SECRET_BYTES + _MERCHANT_BYTES) * 4 // 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a good token opens."""

    merchant_id: int
    order_id: int


def new_token(*, merchant_id: int) -> str:
    """A token that nobody guesses."""
    plain = merchant_id.to_bytes(_MERCHANT_BYTES, "big") + secrets.token_bytes(_SECRET_BYTES)
    return base64.urlsafe_b64encode(plain).decode()


def merchant_of(*, token: str) -> int:
    """Whose token it says it is; whether it is good, its row says. Raises LinkOver."""
    if len(token) != LENGTH or not token.isascii():
        raise LinkOver
    try:
        plain = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        raise LinkOver from None
    return int.from_bytes(plain[:_MERCHANT_BYTES], "big")


def token_hash(*, merchant_id: int, token: str) -> bytes:
    """A token as it is kept."""
    return crypto.blind_index(merchant_id=merchant_id, value=token, purpose="aftersales.link")


def link_of(*, merchant_id: int, token: str, now: datetime) -> Link:
    """What a token opens. Raises LinkOver."""
    rows = BuyerLink.objects.of_merchant(merchant_id).filter(
        token_hash=token_hash(merchant_id=merchant_id, token=token)
    )
    row = rows.first()
    if row is None or now >= row.expires_at:
        raise LinkOver
    return Link(merchant_id=merchant_id, order_id=row.order_id)
