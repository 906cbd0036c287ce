"""Texts that stay for ever name nobody: no telephone number, no e-mail address.

Logs, facts and books are never rewritten. What has to be forgotten one day must not get in.
"""

from __future__ import annotations

import re

from santong.kernel.errors import FieldInvalid

REASON = "no telephone number or address of a person"
# In prose, ten digits are somebody's number. Systems name things by numbers that are longer, so of
# their names only those are refused that are a mobile number, whole or between other signs.
_NUMBER = re.compile(r"\d(?:[ -]?\d){9,}")
_MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![0-9A-Za-z])")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}")
_SEVEN_DIGITS = re.compile(r"\d(?:[ -]?\d){6,}")


def check_prose(text: str, *, pointer: str = "/reason") -> None:
    """What a person wrote names nobody by number or address. Raises FieldInvalid."""
    if "@" in text or _NUMBER.search(text):
        raise FieldInvalid(pointer=pointer, reason=REASON)


def check_name(text: str, *, pointer: str = "/key") -> None:
    """What a system calls something is not somebody's number or address. Raises FieldInvalid."""
    if names_somebody(text):
        raise FieldInvalid(pointer=pointer, reason=REASON)


def names_somebody(name: str) -> bool:
    """Whether a system's name for something holds a mobile number or an e-mail address."""
    return bool(_MOBILE.search(name) or _EMAIL.search(name))


def without_persons(text: str) -> str:
    """What another system said, as it may be kept: numbers and addresses struck out."""
    return _SEVEN_DIGITS.sub("…", _EMAIL.sub("…", text))
