"""Calls on their way into the log: whose tenants they belong to, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.openplatform.contracts import CallRecord


@dataclass(frozen=True, slots=True)
class Counted:
    """What the calls of one app, method and minute come to."""

    app_key: str
    method: str
    minute: datetime
    calls: int
    failures: int
    milliseconds: int
    slowest_milliseconds: int


def by_tenant(records: Iterable[CallRecord]) -> dict[int, list[CallRecord]]:
    """A call concerns the app's owner and the seller; a merchant's own app is told of once."""
    found: dict[int, list[CallRecord]] = {}
    for record in records:
        tenants = {record.owner_id, record.seller_id} - {None}
        for tenant in tenants:
            if tenant is not None:
                found.setdefault(tenant, []).append(record)
    return found


def counted(records: Sequence[CallRecord]) -> list[Counted]:
    """Calls by app, method and minute, in the order in which their rows are locked."""
    groups: dict[tuple[str, datetime, str], list[CallRecord]] = {}
    for record in records:
        minute = record.at.replace(second=0, microsecond=0)
        groups.setdefault((record.app_key, minute, record.method), []).append(record)
    return [
        Counted(
            app_key=app_key,
            method=method,
            minute=minute,
            calls=len(calls),
            failures=sum(1 for call in calls if call.code),
            milliseconds=sum(call.milliseconds for call in calls),
            slowest_milliseconds=max(call.milliseconds for call in calls),
        )
        for (app_key, minute, method), calls in sorted(groups.items())
    ]
