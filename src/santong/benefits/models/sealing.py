"""Suppliers' codes and receipts at rest: sealed, found by a blind index."""

from __future__ import annotations

from santong.kernel import crypto

_INDEX = "benefits.supply_code"


def supply_code_index(*, merchant_id: int, code: str) -> bytes:
    """By which equal codes of one merchant are found."""
    return crypto.blind_index(merchant_id=merchant_id, value=code, purpose=_INDEX)


def code_place(*, supply_id: int, index: bytes) -> str:
    """What binds a sealed code to its row."""
    return f"benefits.supply_code:{supply_id}:{index.hex()}"


def receipt_place(*, coupon_id: int) -> str:
    """What binds a sealed receipt to its coupon."""
    return f"benefits.supply_receipt:{coupon_id}"
