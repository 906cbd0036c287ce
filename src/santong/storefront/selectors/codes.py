"""Codes on their way: found by the ticket of the browser that asked, or by their phone."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import crypto
from santong.storefront.contracts import CODE_STATES, Asked, Purpose, Wanted
from santong.storefront.models import OneTimeCode
from santong.storefront.rules.sessions import hash_of, is_key


def phone_index(*, merchant_id: int, phone: str) -> bytes:
    """What finds a phone (E.164) without telling it."""
    return crypto.blind_index(merchant_id=merchant_id, value=phone, purpose="storefront.phone")


def code_hash(*, merchant_id: int, ticket_hash: bytes, code: str) -> bytes:
    """What is stored of a code: six digits are few, so it takes the merchant's key to try them."""
    value = f"{ticket_hash.hex()}:{code}"
    return crypto.blind_index(merchant_id=merchant_id, value=value, purpose="storefront.code")


def phone_place(ticket_hash: bytes) -> str:
    """Where a code's phone is sealed for; it opens nowhere else."""
    return f"storefront.code:{ticket_hash.hex()}"


def asked_by_ticket(
    *, merchant_id: int, ticket: str, purpose: Purpose, now: datetime
) -> Asked | None:
    """The code that a browser asked for, while its phone is known and its time has not passed."""
    if not is_key(ticket):
        return None
    row: OneTimeCode | None = (
        OneTimeCode.objects.of_merchant(merchant_id)
        .filter(ticket_hash=hash_of(ticket), purpose=purpose, expires_at__gt=now)
        .exclude(state="spent")
        .first()
    )
    return None if row is None else asked_of(row)


def asked_of(row: OneTimeCode) -> Asked:
    """A code with its phone in clear text."""
    phone = crypto.decrypt(
        merchant_id=row.merchant_id,
        sealed=bytes(row.phone_sealed),
        place=phone_place(bytes(row.ticket_hash)),
    )
    return Asked(
        phone=phone.decode(),
        wanted=Wanted(**row.wanted),
        state=CODE_STATES[CODE_STATES.index(row.state)],
        sent_at=row.sent_at,
        expires_at=row.expires_at,
    )
