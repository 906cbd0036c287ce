"""The audit trail: who changed what, when and why. Rows are never changed or removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from santong.kernel import tenancy
from santong.kernel.models import AuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change of state, as it goes into the trail."""

    action: str
    subject: str
    subject_id: int
    reason: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


def record(*changes: Change, now: datetime) -> None:
    """Write changes into the trail, by the actor of the open scope, in the open transaction."""
    scope = tenancy.current()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            merchant_id=scope.merchant_id,
            at=now,
            actor_kind=scope.actor.kind,
            actor_id=scope.actor.id,
            actor_name=scope.actor.name,
            action=change.action,
            subject=change.subject,
            subject_id=change.subject_id,
            reason=change.reason,
            before=dict(change.before),
            after=dict(change.after),
            request_id=scope.request_id,
        )
        for change in changes
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the trail, for reading."""

    at: datetime
    actor_kind: str
    actor_name: str
    action: str
    reason: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


def trail_of(*, merchant_id: int, subject: str, subject_ids: Sequence[int]) -> list[Entry]:
    """What happened to some things, oldest first."""
    rows = AuditEntry.objects.filter(
        merchant_id=merchant_id, subject=subject, subject_id__in=subject_ids
    ).order_by("at", "id")
    return [
        Entry(r.at, r.actor_kind, r.actor_name, r.action, r.reason, r.before, r.after) for r in rows
    ]
