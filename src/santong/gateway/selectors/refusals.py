"""Calls that nobody we know has signed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from santong.gateway import contracts
from santong.gateway.models import RefusedCalls


def refused_calls_of(
    *, merchant_id: int, connection_id: int, limit: int
) -> list[contracts.Refused]:
    """The last minutes in which calls to a connection were refused, newest first."""
    rows = RefusedCalls.objects.of_merchant(merchant_id).filter(connection_id=connection_id)
    return [row.as_contract() for row in rows.order_by("-minute", "code")[:limit]]


def refused_since(*, merchant_id: int, connection_id: int, since: datetime) -> int:
    """How many calls to a connection were refused since an instant, to the minute."""
    rows = RefusedCalls.objects.of_merchant(merchant_id).filter(
        connection_id=connection_id, minute__gte=since
    )
    found: int | None = rows.aggregate(calls=Sum("calls"))["calls"]
    return found or 0
