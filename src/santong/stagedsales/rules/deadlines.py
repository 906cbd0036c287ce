"""When things fall due, end, or are accepted by silence."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from santong.stagedsales.contracts import StageTerms


def due_at(stage: StageTerms, *, signed_at: datetime, zone: tzinfo) -> datetime | None:
    """When a stage falls due by the clock; None: something has to happen first."""
    if stage.due == "signing":
        return signed_at
    if stage.due == "days_after":
        return signed_at + timedelta(days=stage.due_days)
    if stage.due == "date" and stage.due_on is not None:
        return datetime.combine(stage.due_on, time(), tzinfo=zone)
    return None


def silent_at(*, done_at: datetime | None, silence_days: int) -> datetime | None:
    """When work that nobody said anything about is accepted; None: never."""
    if done_at is None or not silence_days:
        return None
    return done_at + timedelta(days=silence_days)
