"""Telephone numbers: one way of writing each, and how a marketplace hides them."""

from __future__ import annotations

import hashlib
import re

import phonenumbers

HOME = "CN"
_MAINLAND_MOBILE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})", re.ASCII)
_BETWEEN = re.compile(r"[\s().-]+")


def e164(*, phone: str) -> str | None:
    """`138 0013 8000` → `+8613800138000`; None for what is no telephone number.

    A number without a country code is one of mainland China.
    """
    plain = _BETWEEN.sub("", phone)
    # The common case without the library, which takes a hundred times as long.
    if mainland := _MAINLAND_MOBILE.fullmatch(plain):
        return f"+86{mainland.group(1)}"
    try:
        number = phonenumbers.parse(phone, HOME)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def national(e164_number: str) -> str:
    """What is dialled at home: eleven digits for a mainland mobile, all digits for one abroad."""
    return e164_number.removeprefix("+86").removeprefix("+")


def mix_mobile(*, mobile: str, key: str) -> str:
    """A mobile number as a marketplace hides it under a brand's key.

    A fast hash over few numbers: personal data like the number itself, no encryption.
    """
    return _md5(_md5(f"tmall{mobile}{key}"))


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
