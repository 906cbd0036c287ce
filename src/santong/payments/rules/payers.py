"""Where the name of whoever paid is sealed to."""

from __future__ import annotations


def payer_place(reference: str) -> str:
    """What binds a payer's name to the payment of this reference."""
    return f"payments.payer:{reference}"
