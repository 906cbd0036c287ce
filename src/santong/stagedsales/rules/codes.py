"""Redemption codes: nine digits that nobody can foresee, a check digit, two that only we can make.

The check digit is Damm's (H. M. Damm, "Total anti-symmetrische Quasigruppen", 2004): it finds every
wrong digit and every two neighbours that changed places. The last two are taken from an HMAC, so
that of a hundred made-up codes ninety-nine are known as such without a look at any table.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Literal

RANDOM = 9
CHECKED = RANDOM + 1
LENGTH = CHECKED + 2
GROUP = 4
TAIL = 4
_MACS = 100
# Damm's quasigroup of order 10.
_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)

Fault = Literal["", "length", "typo", "forged"]


def check_digit(digits: str) -> str:
    """What Damm's check digit of some digits is."""
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return str(interim)


def code_of(entropy: bytes, *, key: bytes) -> str:
    """A code out of bytes that nobody can foresee."""
    digits = f"{int.from_bytes(entropy) % 10**RANDOM:0{RANDOM}}"
    checked = digits + check_digit(digits)
    return checked + _mac(checked, key)


def fault_of(code: str, *, key: bytes) -> Fault:
    """What is wrong with a code, as far as it tells itself: misread, or not one of ours."""
    if len(code) != LENGTH or not (code.isascii() and code.isdigit()):
        return "length"
    if not is_read_well(code):
        return "typo"
    return "" if hmac.compare_digest(_mac(code[:CHECKED], key), code[CHECKED:]) else "forged"


def is_read_well(code: str) -> bool:
    """What a device without our key can say of a code: the check digit is right."""
    return (
        len(code) == LENGTH
        and code.isascii()
        and code.isdigit()
        and check_digit(code[:CHECKED]) == "0"
    )


def cleaned(typed: str) -> str:
    """A code as it was typed or read out: blanks and hyphens do not matter."""
    return "".join(letter for letter in typed if letter.isascii() and letter.isalnum())


def grouped(code: str) -> str:
    """A code as it is shown: `1234 5678 9012`."""
    return " ".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def _mac(checked: str, key: bytes) -> str:
    digest = hmac.digest(key, checked.encode(), hashlib.sha256)
    return f"{int.from_bytes(digest[:8]) % _MACS:02}"
