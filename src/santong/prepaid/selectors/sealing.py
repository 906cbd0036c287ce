"""Numbers, secrets and tokens at rest: sealed, or keyed hashes by which equal ones are found."""

from __future__ import annotations

from santong.kernel import crypto
from santong.prepaid.models import Card


def number_index(*, merchant_id: int, number: str) -> bytes:
    """By which a card is found by its number."""
    return crypto.blind_index(merchant_id=merchant_id, value=number, purpose="prepaid.number")


def secret_hash(*, merchant_id: int, index: bytes, secret: str) -> bytes:
    """A secret as it is kept: bound to its card's number, so that equal ones look different."""
    return crypto.blind_index(
        merchant_id=merchant_id, value=f"{index.hex()}:{secret}", purpose="prepaid.secret"
    )


def code_hash(*, merchant_id: int, code: str) -> bytes:
    """A code that pays once, as it is kept."""
    return crypto.blind_index(merchant_id=merchant_id, value=code, purpose="prepaid.pay_code")


def token_hash(*, merchant_id: int, token: str) -> bytes:
    """The token of a gift, as it is kept."""
    return crypto.blind_index(merchant_id=merchant_id, value=token, purpose="prepaid.gift")


def number_place(*, index: bytes) -> str:
    """What binds a sealed number to its card."""
    return f"prepaid.card_number:{index.hex()}"


def identity_place(*, key: str) -> str:
    """What binds a sealed identity to its top-up."""
    return f"prepaid.identity:{key}"


def opened_number(card: Card) -> str:
    """A card's whole number."""
    place = number_place(index=bytes(card.number_index))
    return crypto.decrypt(
        merchant_id=card.merchant_id, sealed=bytes(card.number_sealed), place=place
    ).decode()
