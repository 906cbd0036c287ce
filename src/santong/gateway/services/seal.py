"""A connection's secrets at rest."""

from __future__ import annotations

from datetime import datetime

from santong.gateway.models import ConnectionSecret
from santong.gateway.models.connections import sealing_place
from santong.kernel import crypto


def sealed(*, merchant_id: int, connection_id: int, what: str, plain: str) -> bytes:
    """A value that only this connection of this merchant opens; nothing stays nothing."""
    if not plain:
        return b""
    place = sealing_place(connection_id=connection_id, what=what)
    return crypto.encrypt(merchant_id=merchant_id, plain=plain.encode(), place=place)


def keep_secret(
    *, merchant_id: int, connection_id: int, number: int, secret: str, now: datetime
) -> None:
    """Write a secret as the newest of a locked connection."""
    ConnectionSecret.objects.create(
        merchant_id=merchant_id,
        connection_id=connection_id,
        number=number,
        sealed=sealed(
            merchant_id=merchant_id,
            connection_id=connection_id,
            what=f"secret:{number}",
            plain=secret,
        ),
        created_at=now,
    )
