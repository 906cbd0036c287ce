"""How long a member stays in, and how the key of a session is kept."""

from __future__ import annotations

import hashlib
import re
from datetime import datetime, timedelta

UNUSED = timedelta(days=30)
LONGEST = timedelta(days=180)
REFRESHED_EVERY = timedelta(days=1)

_KEY = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def expiry(*, opened_at: datetime, now: datetime) -> datetime:
    """When a session that is used now ends, if it is not used again."""
    return min(now + UNUSED, opened_at + LONGEST)


def is_due(*, refreshed_at: datetime, now: datetime) -> bool:
    """Whether a session's end is moved on: once a day, not with every page."""
    return now - refreshed_at >= REFRESHED_EVERY


def is_key(text: str) -> bool:
    """Whether somebody's cookie is written like a key or a ticket of ours."""
    return bool(_KEY.fullmatch(text))


def hash_of(secret: str) -> bytes:
    """What is stored of a secret of 256 random bits; such a secret needs no slow hash."""
    return hashlib.sha256(secret.encode()).digest()
