"""Use a proved phone, once."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.storefront.contracts import Asked, Purpose
from santong.storefront.errors import CodeOver
from santong.storefront.models import OneTimeCode
from santong.storefront.rules.sessions import hash_of, is_key
from santong.storefront.selectors.codes import asked_of


@all_or_nothing
def spend_proof(*, merchant_id: int, ticket: str, purpose: Purpose, now: datetime) -> Asked:
    """The phone that a browser has proved, and what it came for; nobody can use it again.

    Raises CodeOver. Locks the code.
    """
    row: OneTimeCode | None = None
    if is_key(ticket):
        row = (
            OneTimeCode.objects.of_merchant(merchant_id)
            .filter(ticket_hash=hash_of(ticket), purpose=purpose, state="proved")
            .filter(expires_at__gt=now)
            .lock()
            .first()
        )
    if row is None:
        raise CodeOver
    asked = asked_of(row)
    OneTimeCode.objects.of_merchant(merchant_id).filter(id=row.id).update(
        state="spent", phone_sealed=b"", expires_at=now
    )
    return asked
