"""How personal data looks to whoever has not given a reason to see it."""

from __future__ import annotations

import re

HIDDEN = "***"
_DIGIT_RUN = re.compile(r"\d(?:[ -]?\d){4,}")
_ABROAD = re.compile(r"\s*(?:\+|00|\N{FULLWIDTH PLUS SIGN})")
_MAINLAND = re.compile(r"(?:\+86|86)?(1\d{10})")

# From so many digits on, so many show in front and behind.
_SHOWN = ((11, 3, 4), (8, 2, 2), (6, 0, 2), (0, 0, 0))


def masked_name(name: str) -> str:
    """`王小明` → `王**`, `John Smith` → `J**`. A name of one letter is hidden whole."""
    name = name.strip()
    if not name:
        return ""
    return f"{name[0]}**" if len(name) > 1 else "**"


def masked_phone(phone: str) -> str:
    """`138 0013 8000` → `138****8000`: at least four digits are hidden, or all there are.

    A mainland number is shown without its country code; another keeps its plus sign.
    """
    key = phone_key(phone)
    if not key:
        return "****" if phone.strip() else ""
    digits = key.removeprefix("+")
    first, last = next((a, b) for least, a, b in _SHOWN if len(digits) >= least)
    sign = "+" if key != digits and first else ""
    stars = "*" * (len(digits) - first - last)
    return f"{sign}{digits[:first]}{stars}{digits[len(digits) - last :]}"


def masked_address(*, province: str, city: str, district: str, address: str) -> str:
    """The address down to its district; what stands below it is hidden."""
    parts = (province if province != city else "", city, district)
    is_chinese = _is_chinese("".join(parts))
    shown = ("" if is_chinese else ", ").join(filter(None, parts))
    gap = "" if is_chinese or not shown else " "
    return f"{shown}{gap}{HIDDEN}" if address.strip() else shown


def masked_note(note: str) -> str:
    """A buyer's note with every run of five digits or more hidden: numbers find people."""
    return _DIGIT_RUN.sub(lambda found: "*" * len(found.group()), note)


def phone_key(phone: str) -> str:
    """What two ways of writing one telephone number have in common.

    Digits, with the plus sign of a number abroad; a mainland mobile number without country code.
    """
    digits = "".join(str(int(letter)) for letter in phone if letter.isdecimal())
    abroad = _ABROAD.match(phone)
    if abroad:
        digits = "+" + (digits[2:] if abroad.group().strip() == "00" else digits)
    mainland = _MAINLAND.fullmatch(digits)
    return mainland.group(1) if mainland else digits.rstrip("+")


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)
