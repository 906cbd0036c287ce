"""What finds agreements by a telephone number."""

from __future__ import annotations

from typing import Final

from santong.kernel import crypto

PHONE_INDEX: Final = "agreements.phone"
_DIGITS: Final = 11


def phone_index(*, merchant_id: int, phone: str) -> bytes | None:
    """The blind index of a number, whose writing does not matter; nothing for no number."""
    digits = "".join(each for each in phone if each.isdigit())
    if not digits:
        return None
    return crypto.blind_index(merchant_id=merchant_id, value=digits[-_DIGITS:], purpose=PHONE_INDEX)
