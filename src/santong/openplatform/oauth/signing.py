"""What says to an app who somebody is, signed so that the app can check it (RS256, RFC 7517)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from santong.kernel import signing_keys

PURPOSE: Final = "openplatform.id_token"
ALGORITHM: Final = "RS256"
RENEWED_AFTER: Final = timedelta(days=90)
_BITS: Final = 2048
_AT_ONCE: Final = timedelta(0)


def signed(*, claims: Mapping[str, Any], now: datetime) -> str:
    """Claims as a JWT, under the newest key; the installation's first one is made here."""
    newest = _published(now)[0]
    key = _private(newest.plain)
    return jwt.encode(dict(claims), key, algorithm=ALGORITHM, headers={"kid": _kid(newest.plain)})


def public_keys(*, now: datetime) -> dict[str, Any]:
    """The keys that apps check with, as a JWK set: the newest, and the one before."""
    return {"keys": [_public(each.plain) for each in _published(now)]}


def renew_key(*, now: datetime) -> bool:
    """Make a new key once the newest is three months old; whether one was made."""
    return signing_keys.add_key(
        purpose=PURPOSE, make=_new, unless_younger_than=RENEWED_AFTER, now=now
    )


def rotate_key(*, now: datetime) -> None:
    """Make a new key at once. Done twice, nobody can check any more what the oldest signed."""
    signing_keys.add_key(purpose=PURPOSE, make=_new, unless_younger_than=_AT_ONCE, now=now)


def _published(now: datetime) -> tuple[signing_keys.SigningKey, ...]:
    found = signing_keys.published_keys(purpose=PURPOSE)
    if not found:
        renew_key(now=now)
        found = signing_keys.published_keys(purpose=PURPOSE)
    return found


def _new() -> bytes:
    return rsa.generate_private_key(public_exponent=65_537, key_size=_BITS).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


@lru_cache(maxsize=8)
def _private(plain: bytes) -> rsa.RSAPrivateKey:
    key = serialization.load_der_private_key(plain, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@lru_cache(maxsize=8)
def _public(plain: bytes) -> dict[str, Any]:
    jwk: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(_private(plain).public_key()))
    return {
        "kty": "RSA",
        "use": "sig",
        "alg": ALGORITHM,
        "kid": _kid(plain),
        "n": jwk["n"],
        "e": jwk["e"],
    }


def _kid(plain: bytes) -> str:
    numbers = _private(plain).public_key().public_numbers()
    return hashlib.sha256(str(numbers.n).encode()).hexdigest()[:16]
