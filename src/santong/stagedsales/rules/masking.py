"""How a buyer looks on a screen."""

from __future__ import annotations

from santong.stagedsales.contracts import Buyer, MaskedBuyer

_SHOWN = 4
_LONG = 7


def masked(buyer: Buyer) -> MaskedBuyer:
    """`王小明`, `13800138000` → `王**`, `138****8000`."""
    name = buyer.name.strip()
    return MaskedBuyer(name=f"{name[0]}**" if name else "", phone=_phone(buyer.phone))


def _phone(phone: str) -> str:
    digits = "".join(letter for letter in phone if letter.isdecimal())
    if not digits:
        return ""
    if len(digits) <= _LONG:
        return "*" * len(digits)
    plain = digits.removeprefix("86") if len(digits) == 13 else digits  # noqa: PLR2004  +86 and 11
    return f"{plain[:3]}{'*' * (len(plain) - 3 - _SHOWN)}{plain[-_SHOWN:]}"
