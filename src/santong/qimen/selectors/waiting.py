"""What waits to be said, and what was said, for whoever sends and whoever looks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q

from santong.kernel.http.pages import LARGEST_ID
from santong.qimen import contracts
from santong.qimen.models import Contract, Message, Sending


def contracts_with_work(*, merchant_id: int, now: datetime) -> list[int]:
    """Contracts over which something is due."""
    rows = Sending.objects.of_merchant(merchant_id).filter(state="waiting", due_at__lte=now)
    return sorted(set(rows.values_list("contract_id", flat=True)))


def system_states(*, merchant_id: int, since: datetime) -> dict[int, contracts.SystemState]:
    """How every contract's line stands, and how its messages fared since then."""
    waiting = {
        row["contract_id"]: row
        for row in Sending.objects.of_merchant(merchant_id)
        .filter(state="waiting")
        .values("contract_id")
        .annotate(count=Count("id"), oldest=Min("created_at"))
    }
    said = {
        row["contract_id"]: row
        for row in Message.objects.of_merchant(merchant_id)
        .filter(at__gte=since)
        .values("contract_id")
        .annotate(count=Count("id"), bad=Count("id", filter=Q(state__in=("refused", "failed"))))
    }
    nothing: dict[str, Any] = {}
    found = {}
    for row in Contract.objects.of_merchant(merchant_id):
        rests_until = row.breaker.get("rests_until")
        queue, messages = waiting.get(row.id, nothing), said.get(row.id, nothing)
        found[row.id] = contracts.SystemState(
            contract_id=row.id,
            breaker=row.breaker.get("state", "closed"),
            rests_until=datetime.fromisoformat(rests_until) if rests_until else None,
            waiting=queue.get("count", 0),
            oldest_at=queue.get("oldest"),
            messages=messages.get("count", 0),
            refused=messages.get("bad", 0),
        )
    return found


def waiting_of(*, merchant_id: int, contract_id: int, limit: int = 100) -> list[contracts.Waiting]:
    """What waits for a system, or was refused there for good, oldest first."""
    rows = (
        Sending.objects.of_merchant(merchant_id)
        .filter(contract_id=contract_id)
        .exclude(state="done")
        .order_by("id")[:limit]
    )
    return [
        contracts.Waiting(
            id=row.id,
            lane=row.lane,
            method=row.method,
            state=contracts.SENDING_STATES[contracts.SENDING_STATES.index(row.state)],
            attempts=row.attempts,
            code=row.code,
            reason=row.reason,
            since=row.created_at,
            due_at=row.due_at,
        )
        for row in rows
    ]


def messages_of(
    *,
    merchant_id: int,
    contract_id: int,
    before_id: int = LARGEST_ID,
    limit: int = 50,
) -> list[contracts.LoggedMessage]:
    """What was said over a contract, newest first."""
    rows = Message.objects.of_merchant(merchant_id).filter(
        contract_id=contract_id, id__lt=before_id
    )
    return [
        contracts.LoggedMessage(
            id=row.id,
            contract_id=row.contract_id,
            direction=contracts.DIRECTIONS[contracts.DIRECTIONS.index(row.direction)],
            method=row.method,
            number=row.number,
            state=contracts.MESSAGE_STATES[contracts.MESSAGE_STATES.index(row.state)],
            code=row.code,
            reason=row.reason,
            shown=tuple((each["at"], each["says"]) for each in row.shown),
            at=row.at,
            milliseconds=row.milliseconds,
            may_be_taken_again=bool(row.sealed) and row.state in {"refused", "failed"},
        )
        for row in rows.order_by("-id")[:limit]
    ]
