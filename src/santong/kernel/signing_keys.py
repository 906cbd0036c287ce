"""Keys with which the installation signs what others check: sealed, numbered, never changed.

They are no merchant's, so they stand in the directory. The newest signs; the one before it is still
published, for what it signed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections, transaction

from santong.kernel import crypto
from santong.kernel.remembered import Remembered

PUBLISHED: Final = 2
# A key that another process made is known, and published, after so much at the latest.
REMEMBER_SECONDS: Final = 60.0
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7306))"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key, by its number."""

    number: int
    made_at: datetime
    plain: bytes = field(repr=False)


_known = Remembered[str, tuple[SigningKey, ...]](seconds=REMEMBER_SECONDS)


def published_keys(*, purpose: str) -> tuple[SigningKey, ...]:
    """The keys that whoever checks has to know, the newest first. It signs."""
    return _known.get(purpose, lambda: _read(purpose))


def add_key(
    *, purpose: str, make: Callable[[], bytes], unless_younger_than: timedelta, now: datetime
) -> bool:
    """Make a new key, unless the newest is young enough; whether one was made.

    Asked by many at once, one is made.
    """
    with transaction.atomic(), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [purpose])
        newest = next(iter(_read(purpose)), None)
        if newest is not None and now - newest.made_at < unless_younger_than:
            return False
        sealed = crypto.seal_by_master(plain=make(), place=_place(purpose))
        cursor.execute(
            "INSERT INTO directory.signing_key (purpose, sealed, made_at) VALUES (%s, %s, %s)",
            [purpose, sealed, now],
        )
        _known.forget()
    return True


def _read(purpose: str) -> tuple[SigningKey, ...]:
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT number, made_at, sealed FROM directory.signing_key WHERE purpose = %s"
            " ORDER BY number DESC LIMIT %s",
            [purpose, PUBLISHED],
        )
        return tuple(
            SigningKey(
                number, made_at, crypto.unseal_by_master(sealed=sealed, place=_place(purpose))
            )
            for number, made_at, sealed in cursor.fetchall()
        )


def _place(purpose: str) -> str:
    return f"signing_key:{purpose}"
