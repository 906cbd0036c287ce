"""What evidence does by the clock: it removes files that nobody can ask for."""

from __future__ import annotations

from datetime import datetime

from santong.evidence.services.sweep import sweep
from santong.kernel.jobs import periodic


@periodic(name="evidence.sweep", cron="23 * * * *")
def sweep_files(*, merchant_id: int, now: datetime) -> int:
    """Files whose transaction was rolled back, and those of erased evidence."""
    return sweep(merchant_id=merchant_id, now=now)
