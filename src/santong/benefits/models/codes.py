"""A coupon's code, worked out of what its row says with a key that is not in the table."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from santong.benefits.rules import codes
from santong.kernel import crypto

_SPELLING = "benefits.code"
_FINDING = "benefits.code_index"
_NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class NewCode:
    """What a new coupon's row keeps of its code."""

    nonce: bytes
    index: bytes


def new_code(*, merchant_id: int) -> NewCode:
    """A code that nobody can foresee."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    code = code_of(merchant_id=merchant_id, nonce=nonce)
    return NewCode(nonce, index_of(merchant_id=merchant_id, code=code))


def code_of(*, merchant_id: int, nonce: bytes) -> str:
    """The code of the row with this nonce."""
    return codes.spelled(
        crypto.blind_index(merchant_id=merchant_id, value=nonce.hex(), purpose=_SPELLING)
    )


def index_of(*, merchant_id: int, code: str) -> bytes:
    """By which the row of a code is found."""
    return crypto.blind_index(merchant_id=merchant_id, value=code, purpose=_FINDING)
