"""By what a buyer is known again: a keyed hash of their telephone number, and nothing else."""

from __future__ import annotations

from santong.kernel import crypto
from santong.kernel.masking import phone_key


def buyer_index(*, merchant_id: int, phone: str) -> bytes:
    """The same for every way of writing a number; nothing where there is no number."""
    known = phone_key(phone)
    if not known:
        return b""
    return crypto.blind_index(merchant_id=merchant_id, value=known, purpose="presales.buyer")
