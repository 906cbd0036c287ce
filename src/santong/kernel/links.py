"""Links that stand in for a log-in: a buyer's way to the page of one thing of theirs.

A token says whose and which thing it opens and in which round, and proves it: 16 bytes of
HMAC-SHA-256 under a key of its purpose, which nobody guesses. It names no person and stands in no
table, so the same link can be shown again; renewing is the next round, and those of before open
nothing. How long a round is good, its context says. Tokens made under a secret that was changed
since open while it stands among the fallbacks. Sources: RFC 2104 (HMAC), RFC 4648 §5 (base64url).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass
from typing import Final

from django.conf import settings

_PARTS: Final = struct.Struct(">QQI")
_PROOF_BYTES: Final = 16
_LENGTH: Final = (_PARTS.size + _PROOF_BYTES) * 4 // 3
_LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a good token says: whose, which of their things, in which round."""

    merchant_id: int
    thing_id: int
    round: int


def token_of(*, purpose: str, link: Link) -> str:
    """The token that opens a thing in a round: always the same one."""
    plain = _PARTS.pack(link.merchant_id, link.thing_id, link.round)
    return _written(plain + _proof(settings.SECRET_KEY, purpose, plain))


def link_of(*, purpose: str, token: str) -> Link | None:
    """What a token of this purpose says; nothing, if nobody of ours wrote it.

    Whether its round still counts, the thing itself says.
    """
    if len(token) != _LENGTH or not token.isascii():
        return None
    try:
        packed = base64.b64decode(token, altchars=b"-_", validate=True)
    except ValueError:
        return None
    plain, proof = packed[: _PARTS.size], packed[_PARTS.size :]
    # A token is written in one way: the decoder takes the letters of both alphabets.
    if _written(packed) != token or not _is_proven(purpose, plain, proof):
        return None
    merchant_id, thing_id, round_ = _PARTS.unpack(plain)
    if not (0 < merchant_id <= _LARGEST_ID and 0 < thing_id <= _LARGEST_ID):
        return None
    return Link(merchant_id=merchant_id, thing_id=thing_id, round=round_)


def _is_proven(purpose: str, plain: bytes, proof: bytes) -> bool:
    """Whether one of the secrets made a proof; all are tried, so that none is told by the time."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    found = [hmac.compare_digest(proof, _proof(secret, purpose, plain)) for secret in secrets]
    return any(found)


def _proof(secret: str, purpose: str, plain: bytes) -> bytes:
    key = hmac.digest(secret.encode(), f"santong.link:{purpose}".encode(), hashlib.sha256)
    return hmac.digest(key, plain, hashlib.sha256)[:_PROOF_BYTES]


def _written(packed: bytes) -> str:
    return base64.urlsafe_b64encode(packed).decode()
