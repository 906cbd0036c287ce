"""Numbers of mobile phones: one way of writing each."""

from __future__ import annotations

import re

_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015]+")
_MAINLAND = re.compile(r"(?:(?:\+|00)?86)?(1[3-9]\d{9})", re.ASCII)
_ABROAD = re.compile(r"(?:\+|00)([1-9]\d{7,14})", re.ASCII)
LONGEST_TYPED = 40


def e164(typed: str) -> str | None:
    """`138 0013 8000` → `+8613800138000`; None for what can be no mobile phone.

    A number without its country is one of mainland China.
    """
    plain = "".join(
        str(int(letter)) if letter.isdecimal() else letter for letter in typed[:LONGEST_TYPED]
    )
    plain = _BETWEEN.sub("", plain).replace("\N{FULLWIDTH PLUS SIGN}", "+")
    if mainland := _MAINLAND.fullmatch(plain):
        return f"+86{mainland.group(1)}"
    abroad = _ABROAD.fullmatch(plain)
    if abroad is None or abroad.group(1).startswith("86"):
        return None
    return f"+{abroad.group(1)}"
