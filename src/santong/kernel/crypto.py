"""Personal data at rest: AES-256-GCM under a key of the merchant, wrapped by the master key.

The associated data binds a ciphertext to its merchant and its place, so that it cannot be moved to
another row. A blind index (HMAC-SHA-256) finds equal values without decrypting. Sources: NIST SP
800-38D (GCM), RFC 5869 (HKDF).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from datetime import datetime
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from santong.kernel.models import DataKey

_VERSION = 1
_NONCE_BYTES = 12


def encrypt(*, merchant_id: int, plain: bytes, place: str) -> bytes:
    """Seal bytes for one merchant and one place (`orders.recipient:taobao:8817`)."""
    key = _data_key(merchant_id, _VERSION)
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain, _associated(merchant_id, place))
    return bytes([_VERSION]) + nonce + sealed


def decrypt(*, merchant_id: int, sealed: bytes, place: str) -> bytes:
    """Open what `encrypt` sealed. Raises `cryptography.exceptions.InvalidTag` if it was moved."""
    sealed = bytes(sealed)
    key = _data_key(merchant_id, sealed[0])
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    return AESGCM(key).decrypt(nonce, body, _associated(merchant_id, place))


def new_key() -> bytes:
    """A key for one thing alone, which is forgotten by forgetting its key."""
    return AESGCM.generate_key(bit_length=256)


def seal(*, key: bytes, plain: bytes, place: str) -> bytes:
    """Seal bytes under a key of their own, for one place."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, place.encode())


def unseal(*, key: bytes, sealed: bytes, place: str) -> bytes:
    """Open what `seal` sealed. Raises `cryptography.exceptions.InvalidTag` if it was moved."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())


def seal_by_master(*, plain: bytes, place: str) -> bytes:
    """Seal what is the installation's and no merchant's."""
    return seal(key=_master_key(), plain=plain, place=place)


def unseal_by_master(*, sealed: bytes, place: str) -> bytes:
    """Open what `seal_by_master` sealed. Raises `InvalidTag` if it was moved."""
    return unseal(key=_master_key(), sealed=bytes(sealed), place=place)


def blind_index(*, merchant_id: int, value: str, purpose: str) -> bytes:
    """What equal values of one merchant have in common: 16 bytes that tell nothing else."""
    key = _derived(_data_key(merchant_id, _VERSION), f"index:{purpose}")
    return hmac.digest(key, value.encode(), hashlib.sha256)[:16]


def create_data_key(*, merchant_id: int, now: datetime) -> None:
    """Give a merchant its data key, once."""
    key = AESGCM.generate_key(bit_length=256)
    nonce = os.urandom(_NONCE_BYTES)
    wrapped = nonce + AESGCM(_master_key()).encrypt(nonce, key, f"data-key:{merchant_id}".encode())
    DataKey.objects.get_or_create(
        merchant_id=merchant_id,
        version=_VERSION,
        defaults={"wrapped": wrapped, "created_at": now},
    )


def _associated(merchant_id: int, place: str) -> bytes:
    return f"{merchant_id}:{place}".encode()


@lru_cache(maxsize=4096)
def _data_key(merchant_id: int, version: int) -> bytes:
    wrapped = bytes(DataKey.objects.get(merchant_id=merchant_id, version=version).wrapped)
    nonce, body = wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:]
    return AESGCM(_master_key()).decrypt(nonce, body, f"data-key:{merchant_id}".encode())


@lru_cache(maxsize=4096)
def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def _master_key() -> bytes:
    return base64.b64decode(settings.SANTONG_MASTER_KEY)


def forget_keys() -> None:
    """Read keys again: after an erasure, and between tests."""
    _data_key.cache_clear()
    _derived.cache_clear()
