"""What is looked at of many clocks: who may see which, and how promises were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

By = Literal["term", "store", "provider", "technician", "brand"]
BYS: tuple[By, ...] = get_args(By)
Standing = Literal["late", "open", "rests", "ended"]
STANDINGS: tuple[Standing, ...] = get_args(Standing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Whose clocks somebody may see: those of some stores; None is all."""

    stores: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Promises of one kind that ended in a time, and what is open now.

    Medians and 95th percentiles are of the counted seconds, and of their share of what was
    promised, in percent. `late` of the open ones are past their due time, the first since
    `oldest_due_at`.
    """

    name: str
    kept: int
    broken: int
    elapsed_median: int
    elapsed_p95: int
    percent_median: int
    percent_p95: int
    open: int
    late: int
    oldest_due_at: datetime | None

    @property
    def ended(self) -> int:
        return self.kept + self.broken

    @property
    def kept_permille(self) -> int | None:
        """Of a thousand that ended, how many were kept."""
        return self.kept * 1000 // self.ended if self.ended else None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """How many promises were kept and broken of those that ended on a day."""

    on: date
    kept: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """Promises over a time: all, by kind, and day by day."""

    all: Figures
    rows: Sequence[Figures]
    days: Sequence[DayFigures]


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """Somebody was told of a clock."""

    id: int
    clock_id: int
    subject: str
    term: str
    policy_code: str
    clock_state: str
    due_at: datetime | None
    basis: str
    value: int
    role: str
    store: str
    state: str
    told_at: datetime
    seen_at: datetime | None
    seen_by: str
    ended_at: datetime | None
    ended_by: str
    note: str
