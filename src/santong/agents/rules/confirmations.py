"""Confirmation codes: a write is said twice, and the second time with a code of the first.

A code proves who asked for which command, what they were told it would do, and until when it may
be said. It stands in no table; that it is used once, the idempotency keys see to. Sources: RFC 2104
(HMAC), RFC 4648 §5 (base64url).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

GOOD_FOR: Final = timedelta(minutes=5)
_WHEN: Final = struct.Struct(">Q")
_DIGEST_BYTES: Final = 8
_PROOF_BYTES: Final = 16
_BYTES: Final = _WHEN.size + _DIGEST_BYTES + _PROOF_BYTES
LENGTH: Final = -(-_BYTES * 4 // 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Who wants what done: everything that must be the same the second time."""

    merchant_id: int
    actor: str
    tool: str
    asked: Mapping[str, Any]

    def written(self) -> bytes:
        """The same command is written in one way."""
        parts = [self.merchant_id, self.actor, self.tool, self.asked]
        return json.dumps(parts, sort_keys=True, separators=(",", ":"), default=str).encode()


def code_of(*, secret: str, command: Command, rests_on: str, now: datetime) -> str:
    """The code that lets this command be done within `GOOD_FOR`, while what it rests on stands."""
    until = int((now + GOOD_FOR).timestamp())
    head = _WHEN.pack(until) + _digest(rests_on)
    return _written(head + _proof(secret, command, head))


def is_of(*, secrets: Sequence[str], code: str, command: Command) -> bool:
    """Whether one of our secrets gave this code for this command, at whatever time."""
    packed = _read(code)
    if packed is None:
        return False
    head, proof = packed[:-_PROOF_BYTES], packed[-_PROOF_BYTES:]
    found = [hmac.compare_digest(proof, _proof(secret, command, head)) for secret in secrets]
    return any(found)


def is_over(*, code: str, now: datetime) -> bool:
    """Whether a good code came too late."""
    return now >= expires_at(code=code)


def rests_on_same(*, code: str, rests_on: str) -> bool:
    """Whether what was said of the command when the code was given still holds."""
    packed = _read(code)
    assert packed is not None, "only a code that is ours rests on something"
    return packed[_WHEN.size : _WHEN.size + _DIGEST_BYTES] == _digest(rests_on)


def expires_at(*, code: str) -> datetime:
    """Until when a code may be said."""
    packed = _read(code)
    assert packed is not None, "only a code that is ours has a time"
    (until,) = _WHEN.unpack(packed[: _WHEN.size])
    return datetime.fromtimestamp(until, tz=UTC)


def _read(code: str) -> bytes | None:
    if len(code) != LENGTH or not code.isascii():
        return None
    try:
        packed = base64.b64decode(code + "=" * (-LENGTH % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    return packed if len(packed) == _BYTES and _written(packed) == code else None


def _digest(rests_on: str) -> bytes:
    return hashlib.sha256(rests_on.encode()).digest()[:_DIGEST_BYTES]


def _proof(secret: str, command: Command, head: bytes) -> bytes:
    key = hmac.digest(secret.encode(), b"santong.agents:confirm", hashlib.sha256)
    return hmac.digest(key, head + command.written(), hashlib.sha256)[:_PROOF_BYTES]


def _written(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")
