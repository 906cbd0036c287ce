"""A month that is closed: the trial balance of the money accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

MonthState = Literal["closed", "reopened"]


@dataclass(frozen=True, slots=True)
class Balance:
    """What the accounts of one kind and group did in a month."""

    asset: str
    kind: str
    group: str
    opening_minor: int
    debit_minor: int
    credit_minor: int
    closing_minor: int


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a month cannot be closed yet."""

    why: Literal["too_early", "file_missing", "file_not_matched", "difference_open"]
    account_code: str
    day: date | None
    difference_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialBalance:
    """A month's trial balance: what came, what went, and that it adds up to nothing."""

    month: date
    rows: tuple[Balance, ...]

    @property
    def is_balanced(self) -> bool:
        """Each asset's openings and closings are nothing, and its debits equal its credits."""
        sums: dict[str, list[int]] = {}
        for row in self.rows:
            known = sums.setdefault(row.asset, [0, 0, 0])
            known[0] += row.opening_minor
            known[1] += row.debit_minor - row.credit_minor
            known[2] += row.closing_minor
        return all(not any(each) for each in sums.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthClose:
    """A month, closed by somebody, perhaps opened again by somebody else."""

    id: int
    month: date
    version: int
    state: MonthState
    closed_at: datetime
    closed_by: str
    reopened_at: datetime | None
    reopened_by: str
    reason: str
    differences: int
    differences_minor: int
