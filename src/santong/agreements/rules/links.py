"""The record that an acceptance freezes, its hash, and its place in the merchant's chain.

The record is canonical JSON (RFC 8785); its hash is SHA-256 of exactly these bytes. It names the
link before it, so the hash of each covers all that came before. Nobody's name is in it: a
commitment to the name stands there, SHA-256 of a random salt and the name, which says nothing once
the salt is gone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import rfc8785

FORMAT: Final = "santong.agreement.v1"
GENESIS: Final = "0" * 64
SALT_BYTES: Final = 32


def canonical(record: Mapping[str, Any]) -> bytes:
    """The one way to write a record."""
    return rfc8785.dumps(dict(record))


def hash_of(written: bytes) -> str:
    """What names a record."""
    return hashlib.sha256(written).hexdigest()


def commitment(*, name: str, salt: bytes) -> str:
    """What binds a name without saying it."""
    return hashlib.sha256(salt + name.encode()).hexdigest()
