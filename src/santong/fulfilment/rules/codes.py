"""Pickup codes: short enough to read out, long enough not to be guessed."""

from __future__ import annotations

import hashlib
from datetime import timedelta

# No 0/O, 1/I/L, 2/Z, 5/S, 8/B: what is read out must not be misheard or misread.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
LENGTH = 8
TRIES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)


def normalised(code: str) -> str:
    """A code as it was typed: case, blanks and hyphens do not matter."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def spelled(numbers: bytes) -> str:
    """A code from random bytes below 225 (9 x 25), so that every letter is as likely."""
    return "".join(ALPHABET[number % len(ALPHABET)] for number in numbers)


def code_hash(*, work_id: int, code: str) -> bytes:
    """What is kept of a code. 40 bits behind five tries and a lock: nothing slower is needed."""
    return hashlib.sha256(f"{work_id}:{normalised(code)}".encode()).digest()
