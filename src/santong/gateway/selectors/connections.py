"""Connections, as people see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from santong.gateway import contracts
from santong.gateway.models import Connection, ConnectionSecret
from santong.kernel.errors import NoSuch


def connections(*, merchant_id: int, now: datetime) -> list[contracts.Connection]:
    """Every connection, oldest first."""
    rows = list(Connection.objects.of_merchant(merchant_id).select_related("behind").order_by("id"))
    return _shown(merchant_id, rows, now)


def connection_by_id(
    *, merchant_id: int, connection_id: int, now: datetime
) -> contracts.Connection:
    """One connection. Raises NoSuch."""
    rows = list(
        Connection.objects.of_merchant(merchant_id)
        .select_related("behind")
        .filter(id=connection_id)
    )
    if not rows:
        raise NoSuch(kind="connection", key=str(connection_id))
    (shown,) = _shown(merchant_id, rows, now)
    return shown


def _shown(
    merchant_id: int, rows: Sequence[Connection], now: datetime
) -> list[contracts.Connection]:
    live = Counter(
        ConnectionSecret.objects.of_merchant(merchant_id)
        .filter(Q(good_until=None) | Q(good_until__gt=now))
        .filter(connection_id__in=[row.id for row in rows])
        .values_list("connection_id", flat=True)
    )
    return [
        row.as_contract(
            live_secrets=live[row.id], behind_code=row.behind.code if row.behind else ""
        )
        for row in rows
    ]
