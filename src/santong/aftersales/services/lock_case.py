"""The case's row comes first: whoever changes anything of a case holds it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from santong.aftersales import contracts
from santong.aftersales.errors import CasePassed
from santong.aftersales.events import CaseEnded
from santong.aftersales.models import Case, CaseLine
from santong.aftersales.rules import states
from santong.aftersales.services.keep_time import REFUND, drop_clocks, stop_clock
from santong.kernel import audit, outbox
from santong.kernel.errors import NoSuch


def lock_case(*, merchant_id: int, case_id: int) -> Case:
    """The row of a case, held until the transaction ends. Raises NoSuch."""
    row: Case | None = Case.objects.of_merchant(merchant_id).filter(id=case_id).lock().first()
    if row is None:
        raise NoSuch(kind="case", key=str(case_id))
    return row


def lock_in(*, merchant_id: int, case_id: int, among: Collection[str]) -> Case:
    """The same, where its state is one of some. Raises NoSuch, CasePassed."""
    row = lock_case(merchant_id=merchant_id, case_id=case_id)
    if row.state not in among:
        raise CasePassed(case=row.number, state=row.state, wanted=", ".join(sorted(among)))
    return row


def lines_of(case: Case) -> list[CaseLine]:
    """The lines of a case, in the order of the order's lines."""
    rows = CaseLine.objects.of_merchant(case.merchant_id).filter(case=case.id)
    return list(rows.order_by("order_line_id"))


def shown(case: Case) -> contracts.Case:
    """A case as it leaves the context."""
    return case.as_contract(lines=[line.as_contract() for line in lines_of(case)])


def move(
    case: Case, *, to: contracts.CaseState, action: str, reason: str, now: datetime, **after: Any
) -> None:
    """Let a case go on, and say so in the trail; its other changed fields are saved with it.

    Emits CaseEnded where it ends.
    """
    before = case.state
    assert to == before or to in states.CASE[before], f"a case goes from {before} to {to}"
    case.state = to
    if to in contracts.ENDED:
        case.ended_at = now
    case.save()
    record(case, action=action, reason=reason, before={"state": before}, now=now, **after)
    if to in contracts.ENDED and before != to:
        if to == "done":
            stop_clock(case, REFUND, reason="all has gone back", now=now)
        drop_clocks(case, reason=to, now=now)
        outbox.publish(
            CaseEnded(
                case_id=case.id,
                number=case.number,
                order_id=case.order_id,
                kind=case.kind,
                state=to,
                ended_at=now,
            ),
            now=now,
        )


def record(
    case: Case, *, action: str, reason: str, now: datetime, before: dict[str, Any], **after: Any
) -> None:
    """Write into the trail what was done with a case."""
    audit.record(
        audit.Change(
            action=f"aftersales.{action}",
            subject="case",
            subject_id=case.id,
            reason=reason or action,
            before=before,
            after={"state": case.state, **after},
        ),
        now=now,
    )
