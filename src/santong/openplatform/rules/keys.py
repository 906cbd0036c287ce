"""How app keys, session keys and codes are written and read. Of a key its hash alone is kept.

A key says whose it is: the seller's merchant and the app, so that nobody is asked in vain.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final, Literal

KeyKind = Literal["access", "refresh", "code"]
SECRET_BYTES: Final = 24
_PREFIXES: Final[dict[KeyKind, str]] = {"access": "sat", "refresh": "srt", "code": "sac"}
_KINDS: Final[dict[str, KeyKind]] = {prefix: kind for kind, prefix in _PREFIXES.items()}
_KEY: Final = re.compile(r"(sat|srt|sac)_([0-9a-z]{1,13})_([0-9a-z]{1,12})_[0-9a-f]{48}", re.ASCII)
_APP_KEY: Final = re.compile(r"[1-9][0-9]{4,17}", re.ASCII)
_APP_SECRET: Final = re.compile(r"[A-Za-z0-9]{16,64}", re.ASCII)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LARGEST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ReadKey:
    """Whose key it says it is, and the hash by which it is found."""

    kind: KeyKind
    merchant_id: int
    app_key: str
    hashed: bytes


def written(*, kind: KeyKind, merchant_id: int, app_key: str, secret: str) -> str:
    """A key as it is shown once."""
    return f"{_PREFIXES[kind]}_{_base36(merchant_id)}_{_base36(int(app_key))}_{secret}"


def read_key(text: str) -> ReadKey | None:
    """What a key says of itself, if it is written like one."""
    found = _KEY.fullmatch(text)
    if found is None:
        return None
    merchant_id, app_number = int(found[2], 36), int(found[3], 36)
    if not 0 < merchant_id <= _LARGEST_ID or not is_app_key(str(app_number)):
        return None
    return ReadKey(_KINDS[found[1]], merchant_id, str(app_number), hash_of(text))


def hash_of(key: str) -> bytes:
    """What is kept of a key of 192 random bits; such a key needs no slow hash."""
    return hashlib.sha256(key.encode()).digest()


def is_app_key(text: str) -> bool:
    """Whether a text is written like an app key: 5 to 18 digits, the first no nought."""
    return _APP_KEY.fullmatch(text) is not None


def is_app_secret(text: str) -> bool:
    """Whether an app's secret that was brought along can be kept."""
    return _APP_SECRET.fullmatch(text) is not None


def _base36(number: int) -> str:
    letters = ""
    while number:
        number, place = divmod(number, 36)
        letters = _DIGITS[place] + letters
    return letters or "0"
