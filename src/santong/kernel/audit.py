"""The audit trail: who changed what, when and why. Rows are never changed or removed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from santong.kernel import tenancy
from santong.kernel.models import AuditEntry
from santong.kernel.wire import Statement, array, texts

STATEMENT = """
INSERT INTO kernel_auditentry (merchant_id, at, actor_kind, actor_id, actor_name, request_id,
    action, subject, subject_id, reason, before, after)
SELECT %(merchant)s, %(now)s::timestamptz, %(kind)s, %(actor)s, %(name)s, %(request)s,
    c.action, c.subject, c.subject_id, c.reason, c.before::jsonb, c.after::jsonb
FROM unnest(%(actions)s::text[], %(subjects)s::text[], %(ids)s::bigint[], %(reasons)s::text[],
    %(befores)s::text[], %(afters)s::text[])
    WITH ORDINALITY AS c(action, subject, subject_id, reason, before, after, place)
ORDER BY c.place
"""
_INSERT = Statement(STATEMENT)


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
    if not changes:
        return
    scope = tenancy.current()
    _INSERT.later(
        {
            "merchant": str(scope.merchant_id),
            "now": now.isoformat(),
            "kind": scope.actor.kind,
            "actor": scope.actor.id,
            "name": scope.actor.name,
            "request": scope.request_id,
            "actions": texts(change.action for change in changes),
            "subjects": texts(change.subject for change in changes),
            "ids": array(change.subject_id for change in changes),
            "reasons": texts(change.reason for change in changes),
            "befores": texts(json.dumps(dict(change.before)) for change in changes),
            "afters": texts(json.dumps(dict(change.after)) for change in changes),
        }
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the trail, for reading. Lines of one moment have the order of their numbers."""

    number: int
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
        Entry(r.id, r.at, r.actor_kind, r.actor_name, r.action, r.reason, r.before, r.after)
        for r in rows
    ]


def changed_between(
    *,
    merchant_id: int,
    subject: str,
    since: datetime,
    until: datetime,
    apart_from: Collection[str] = (),
    limit: int,
) -> dict[int, datetime]:
    """Which things of a kind were changed in a stretch of time, each with its last change in it.

    The newest first, so many at most; some actions do not count as changes. Rows are found by their
    time, of whichever merchant they are: meant for stretches of hours.
    """
    rows = AuditEntry.objects.filter(
        merchant_id=merchant_id, subject=subject, at__gte=since, at__lt=until
    ).exclude(action__in=list(apart_from))
    last = rows.values("subject_id").annotate(last_at=Max("at"))
    return dict(
        last.order_by("-last_at", "-subject_id").values_list("subject_id", "last_at")[:limit]
    )
