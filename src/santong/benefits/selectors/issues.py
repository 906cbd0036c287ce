"""How far mass issues have come."""

from __future__ import annotations

from typing import Literal

from santong.benefits.contracts import IssueProgress
from santong.benefits.models import IssueRun
from santong.kernel.errors import NoSuch


def run_by_key(*, merchant_id: int, key: str) -> IssueProgress | None:
    row = IssueRun.objects.of_merchant(merchant_id).filter(key=key).first()
    return progress_of(row) if row else None


def issue_progress(*, merchant_id: int, run_id: int) -> IssueProgress:
    """How far a mass issue has come. Raises NoSuch."""
    row: IssueRun | None = IssueRun.objects.of_merchant(merchant_id).filter(id=run_id).first()
    if row is None:
        raise NoSuch(kind="issue run", key=str(run_id))
    return progress_of(row)


def running_issues(*, merchant_id: int) -> list[int]:
    """Mass issues that go on, the oldest first."""
    rows = IssueRun.objects.of_merchant(merchant_id).filter(state="running").order_by("id")
    return list(rows.values_list("id", flat=True))


def progress_of(row: IssueRun) -> IssueProgress:
    state: Literal["running", "done"] = "done" if row.state == "done" else "running"
    return IssueProgress(
        run_id=row.id,
        batch_id=row.batch_id,
        state=state,
        total=row.total,
        issued=row.issued,
        refused=row.refused,
    )
