from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from santong.customers import public as customers
from santong.gateway import contracts
from santong.gateway.models import Connection
from santong.gateway.rules.settings import check_change
from santong.gateway.selectors.connections import connection_by_id
from santong.gateway.selectors.lines import forget_lines
from santong.gateway.services.lock_connection import lock_connection
from santong.gateway.services.seal import sealed
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def update_connection(
    *,
    merchant_id: int,
    connection_id: int,
    change: contracts.ConnectionChange,
    expected_version: int,
    now: datetime,
) -> contracts.Connection:
    """Change a connection that is still as the caller saw it; what is not given stays.

    Other processes may take it for as it was for a second. Raises NoSuch, VersionMoved,
    FieldInvalid. Locks the connection, and the whole graph of persons where a mix key is given.
    """
    check_change(change=change)
    row = lock_connection(merchant_id=merchant_id, connection_id=connection_id)
    refuse_moved(expected=expected_version, version=row.version)
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for field in fields(change):
        value = getattr(change, field.name)
        if value is None:
            continue
        before[field.name], after[field.name] = _set(row, field.name, value, now)
    row.version += 1
    row.save()
    forget_lines()
    audit.record(
        audit.Change(
            action="gateway.update_connection",
            subject="connection",
            subject_id=row.id,
            reason="changed",
            before=before,
            after=after,
        ),
        now=now,
    )
    return connection_by_id(merchant_id=merchant_id, connection_id=connection_id, now=now)


def _set(row: Connection, name: str, value: object, now: datetime) -> tuple[object, object]:
    """What stood there and what stands there now, as the trail may show it."""
    if name == "session":
        had = bool(row.session_sealed)
        row.session_sealed = sealed(
            merchant_id=row.merchant_id, connection_id=row.id, what=name, plain=str(value)
        )
        return had, bool(value)
    if name == "mix_key":
        return _hide_with(row, str(value), now)
    if name == "behind_code":
        return _stand_behind(row, str(value))
    if name == "url" and row.kind == "crm" and not value:
        raise FieldInvalid(pointer="/url", reason="an older CRM has an address")
    before = getattr(row, name)
    setattr(row, name, value)
    return before, value


def _hide_with(row: Connection, key: str, now: datetime) -> tuple[object, object]:
    if not key or not row.storefront_code:
        raise FieldInvalid(pointer="/mix_key", reason="telephones are hidden for a storefront")
    customers.set_mix_key(merchant_id=row.merchant_id, scope=row.storefront_code, key=key, now=now)
    return "hidden", "set"


def _stand_behind(row: Connection, code: str) -> tuple[object, object]:
    before = row.behind.code if row.behind else ""
    found: Connection | None = None
    if code:
        found = (
            Connection.objects.of_merchant(row.merchant_id).filter(code=code, kind="crm").first()
        )
        if found is None or row.kind == "crm":
            raise FieldInvalid(pointer="/behind_code", reason="no connection to an older CRM")
    row.behind = found
    return before, code
