"""The conformance suite was run against an app."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.openplatform import contracts
from santong.openplatform.services.lock_app import lock_app


@all_or_nothing
def record_conformance(
    *, merchant_id: int, app_key: str, passed_at: datetime | None, report: str, now: datetime
) -> contracts.RegisteredApp:
    """Keep when an app passed the suite last; None if it did not. `report` names the run.

    Raises NoSuch. Locks the app.
    """
    row = lock_app(merchant_id=merchant_id, app_key=app_key)
    before, row.conformance_passed_at = row.conformance_passed_at, passed_at
    row.version += 1
    row.save(update_fields=["conformance_passed_at", "version"])
    audit.record(
        audit.Change(
            action="openplatform.record_conformance",
            subject="app",
            subject_id=row.id,
            reason=report[: contracts.LONGEST_REASON] or "run",
            before={"passed_at": before.isoformat() if before else None},
            after={"passed_at": passed_at.isoformat() if passed_at else None},
        ),
        now=now,
    )
    return row.as_contract()
