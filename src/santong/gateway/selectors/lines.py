"""A connection as those use it who send or take its calls: with its secrets, for seconds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from santong.gateway.contracts import (
    CONNECTION_KINDS,
    ConnectionKind,
)
from santong.gateway.models import Connection, ConnectionSecret
from santong.gateway.models.connections import sealing_place
from santong.kernel import crypto
from santong.kernel.remembered import Remembered
from santong.kernel.signing import SIGN_METHODS, SignMethod

REMEMBERED_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A connection with what its calls are signed with, the newest secret first."""

    id: int
    merchant_id: int
    code: str
    kind: ConnectionKind
    storefront_code: str
    programme_code: str
    behind_id: int | None
    app_key: str
    url: str
    sign_method: SignMethod
    is_active: bool
    is_bind_query_allowed: bool
    is_registration_open: bool
    is_plain_registration_allowed: bool
    answers_within_ms: int
    secrets: tuple[tuple[str, datetime | None], ...]
    session: str

    def __repr__(self) -> str:
        return f"Line({self.id}, {self.code!r})"

    def good_secrets(self, *, now: datetime) -> tuple[str, ...]:
        """What a call may be signed with at this moment."""
        return tuple(secret for secret, until in self.secrets if until is None or now < until)


_by_code = Remembered[tuple[int, str], Line | None](seconds=REMEMBERED_SECONDS)
_by_id = Remembered[tuple[int, int], Line | None](seconds=REMEMBERED_SECONDS)


def line_by_code(*, merchant_id: int, code: str) -> Line | None:
    """A connection as it was at most a second ago."""

    def read() -> Line | None:
        row = Connection.objects.of_merchant(merchant_id).filter(code=code).first()
        return _line(row) if row else None

    return _by_code.get((merchant_id, code), read)


def line_by_id(*, merchant_id: int, connection_id: int) -> Line | None:
    """A connection as it was at most a second ago."""

    def read() -> Line | None:
        row = Connection.objects.of_merchant(merchant_id).filter(id=connection_id).first()
        return _line(row) if row else None

    return _by_id.get((merchant_id, connection_id), read)


def forget_lines() -> None:
    """Read connections again: one has changed in this transaction."""
    _by_code.forget()
    _by_id.forget()


def _line(row: Connection) -> Line:
    merchant_id = row.merchant_id
    secrets = (
        ConnectionSecret.objects.of_merchant(merchant_id)
        .filter(connection_id=row.id)
        .order_by("-number")[:2]
    )
    return Line(
        id=row.id,
        merchant_id=merchant_id,
        code=row.code,
        kind=CONNECTION_KINDS[CONNECTION_KINDS.index(row.kind)],
        storefront_code=row.storefront_code,
        programme_code=row.programme_code,
        behind_id=row.behind_id,
        app_key=row.app_key,
        url=row.url,
        sign_method=SIGN_METHODS[SIGN_METHODS.index(row.sign_method)],
        is_active=row.state == "active",
        is_bind_query_allowed=row.is_bind_query_allowed,
        is_registration_open=row.is_registration_open,
        is_plain_registration_allowed=row.is_plain_registration_allowed,
        answers_within_ms=row.answers_within_ms,
        secrets=tuple(
            (_opened(merchant_id, row.id, f"secret:{each.number}", each.sealed), each.good_until)
            for each in secrets
        ),
        session=_opened(merchant_id, row.id, "session", row.session_sealed),
    )


def _opened(merchant_id: int, connection_id: int, what: str, sealed: bytes | memoryview) -> str:
    if not sealed:
        return ""
    place = sealing_place(connection_id=connection_id, what=what)
    return crypto.decrypt(merchant_id=merchant_id, sealed=bytes(sealed), place=place).decode()
