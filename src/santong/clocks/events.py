"""What has happened to clocks: what was promised, and whether it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("clocks.clock_warned.v1", aggregate="clock_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockWarned:
    """Much of the time has passed, and the clock still runs."""

    clock_id: int
    subject: str
    term: str
    policy: str
    due_at: datetime | None
    tags: dict[str, str]


@fact("clocks.clock_broken.v1", aggregate="clock_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockBroken:
    """The time is up and the clock runs on. Told once for each due time that passed."""

    clock_id: int
    subject: str
    term: str
    policy: str
    due_at: datetime
    broken_at: datetime
    tags: dict[str, str]


@fact("clocks.clock_mended.v1", aggregate="clock_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockMended:
    """It was said to be broken and is not: what happened was told late, or it is due later now."""

    clock_id: int
    subject: str
    term: str
    policy: str
    due_at: datetime | None
    tags: dict[str, str]


@fact("clocks.clock_stopped.v1", aggregate="clock_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class ClockStopped:
    """What was promised has happened, in time (`kept`) or late."""

    clock_id: int
    subject: str
    term: str
    policy: str
    kept: bool
    due_at: datetime | None
    stopped_at: datetime
    elapsed_seconds: int
    target_seconds: int
    tags: dict[str, str]


@fact("clocks.escalated.v1", aggregate="clock_id")
@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated:
    """A role was told that something is late, or about to be. Without a store: everywhere."""

    clock_id: int
    subject: str
    term: str
    policy: str
    step: int
    role: str
    store: str
    due_at: datetime | None
    tags: dict[str, str]


@fact("clocks.year_loaded.v1", aggregate="region")
@dataclass(frozen=True, slots=True, kw_only=True)
class YearLoaded:
    """The holidays of a region's year are known, or known anew."""

    region: str
    year: int
    version: int
    source: str
