"""How the simulated provider signs what it tells."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from santong.payments.contracts.providers import BadSignature

TIMESTAMP: Final = "Simulated-Timestamp"
SIGNATURE: Final = "Simulated-Signature"
LONGEST_AGE: Final = timedelta(minutes=5)


def signed(*, secret: str, body: bytes, now: datetime) -> dict[str, str]:
    """The headers that go with a body: when it was sent, and by whom."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: _signature(secret, timestamp, body)}


def check_signed(*, secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises BadSignature where the body is not from who knows the secret, or is from long ago."""
    by_name = {name.lower(): value for name, value in headers.items()}
    timestamp = by_name.get(TIMESTAMP.lower(), "")
    given = by_name.get(SIGNATURE.lower(), "")
    if not secret:
        raise BadSignature
    if not hmac.compare_digest(_signature(secret, timestamp, body).encode(), given.encode()):
        raise BadSignature
    sent_at = datetime.fromtimestamp(int(timestamp), UTC)
    if abs(now - sent_at) > LONGEST_AGE:
        raise BadSignature


def _signature(secret: str, timestamp: str, body: bytes) -> str:
    text = timestamp.encode() + b"\n" + body
    return hmac.digest(secret.encode(), text, hashlib.sha256).hex()
