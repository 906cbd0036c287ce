"""Numbers of members and cards: digits with a check digit, so that a slip of the hand is seen.

The check digit is that of ISO/IEC 7812-1 (Luhn): it finds every single wrong digit, and nearly
every pair of neighbours that changed places.
"""

from __future__ import annotations

import re

from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import names_somebody
from santong.membership.contracts import LONGEST_NUMBER

MEMBER_PREFIX = "M"
_SERIAL_DIGITS = 10
_WRITTEN = re.compile(r"[0-9A-Z][0-9A-Z_.\-]*")
_NINE = 9


def card_number(*, prefix: str, serial: int) -> str:
    """The number of a programme's card: its prefix, a serial number, a check digit."""
    digits = f"{prefix}{serial:0{_SERIAL_DIGITS}}"
    return f"{digits}{check_digit(digits)}"


def member_number(*, serial: int) -> str:
    """The number of a member: a letter, a serial number, a check digit."""
    digits = f"{serial:0{_SERIAL_DIGITS}}"
    return f"{MEMBER_PREFIX}{digits}{check_digit(digits)}"


def check_digit(digits: str) -> str:
    """What makes the weighted sum of all digits a multiple of ten."""
    doubled = [int(digit) * 2 for digit in digits[::-2]]
    plain = [int(digit) for digit in digits[-2::-2]]
    total = sum(twice - _NINE if twice > _NINE else twice for twice in doubled) + sum(plain)
    return str(-total % 10)


def is_checked(number: str) -> bool:
    """Whether a number of ours was read without a slip."""
    digits = number.removeprefix(MEMBER_PREFIX)
    if not (digits.isascii() and digits.isdigit() and len(digits) > 1):
        return False
    return check_digit(digits[:-1]) == digits[-1]


def clean_number(text: str, *, pointer: str) -> str:
    """A card number as it is kept; those of other systems have letters. Raises FieldInvalid."""
    number = text.strip().upper()
    if len(number) > LONGEST_NUMBER or not _WRITTEN.fullmatch(number):
        raise FieldInvalid(pointer=pointer, reason="letters and digits, at most 40")
    return number


def brought_number(text: str, *, pointer: str) -> str:
    """The number of a card from elsewhere; nothing where it is somebody's telephone number.

    Such a card gets a number of ours, and is found by the telephone number as before. A card's
    number is read by many. Raises FieldInvalid.
    """
    return "" if names_somebody(text) else clean_number(text, pointer=pointer)
