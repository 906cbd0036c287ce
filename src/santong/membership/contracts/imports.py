"""A member base from another system, as it is read and as it was taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningLot:
    """Points that somebody had, and until when (that moment excluded)."""

    points: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """One member of another system. Blank where the file says nothing."""

    line: int
    phone: str = field(repr=False)
    name: str = field(default="", repr=False)
    birthday: date | None = field(default=None, repr=False)
    gender: str = ""
    card_number: str = ""
    tier: str = ""
    tier_until: datetime | None = None
    lots: tuple[OpeningLot, ...] = ()
    experience: int = 0
    joined_at: datetime | None = None
    last_active_at: datetime | None = None

    @property
    def points(self) -> int:
        """All that can be spent."""
        return sum(lot.points for lot in self.lots)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """Why a row was set aside, without what stood there."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedBatch:
    """What became of some rows. `is_new` is false where they were taken in before."""

    members: int
    new_members: int
    points: int
    experience: int
    problems: tuple[ImportProblem, ...]
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProof:
    """Rows whose member's opening balances are what the file says, and those that differ."""

    rows: int
    points: int
    experience: int
    differences: tuple[ImportProblem, ...]
