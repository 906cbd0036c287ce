"""Every change of an agreement stands in the trail."""

from __future__ import annotations

from datetime import datetime

from santong.agreements.models import ServiceAgreement
from santong.kernel import audit


def write_down(
    row: ServiceAgreement, action: str, *, before: str, reason: str = "", now: datetime
) -> None:
    """What was done, and which state it had before and has now."""
    audit.record(
        audit.Change(
            action=f"agreements.{action}",
            subject="agreement",
            subject_id=row.id,
            reason=reason,
            before={"state": before} if before else {},
            after={"state": row.state, "document": row.document, "version": row.version},
        ),
        now=now,
    )
