"""How tokens and session cookies are written and read. Neither is stored; their hashes are."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST_ID = 2**63 - 1
_TOKEN = re.compile(r"st_([0-9a-z]{1,13})_([A-Za-z0-9_-]{43})", re.ASCII)
_COOKIE = re.compile(r"([1-9][0-9]{0,18})\.([A-Za-z0-9_-]{43})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Key:
    """Whose key it says it is, and the hash by which it is found."""

    merchant_id: int
    hashed: bytes


def hash_of(secret: str) -> bytes:
    """What is stored of a secret of 256 random bits; such a secret needs no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def token_of(*, merchant_id: int, secret: str) -> str:
    """A token as it is shown once: `st_<merchant, base 36>_<secret>`."""
    return f"st_{_base36(merchant_id)}_{secret}"


def read_token(text: str) -> Key | None:
    """The key in a token, if it is written like one."""
    found = _TOKEN.fullmatch(text)
    if not found or (merchant_id := int(found[1], 36)) > _LARGEST_ID:
        return None
    return Key(merchant_id, hash_of(found[2]))


def cookie_of(*, merchant_id: int, key: str) -> str:
    """A session cookie: `<merchant>.<key>`."""
    return f"{merchant_id}.{key}"


def read_cookie(text: str) -> Key | None:
    """The key in a session cookie, if it is written like one."""
    found = _COOKIE.fullmatch(text)
    if not found or (merchant_id := int(found[1])) > _LARGEST_ID:
        return None
    return Key(merchant_id, hash_of(found[2]))


def _base36(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, 36)
        letters = _DIGITS[place] + letters
    return letters or "0"
