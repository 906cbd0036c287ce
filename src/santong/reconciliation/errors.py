"""The refusals of reconciliation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, NotAllowed
from santong.reconciliation.contracts import Obstacle


@dataclass
class FileUnreadable(Invalid):
    """A statement file is not whole or not in its format; nothing of it is taken."""

    code: ClassVar[str] = "reconciliation.file_unreadable"
    line: int
    column: str
    reason: str


@dataclass
class FileTooLarge(Invalid):
    """A file, or what it unpacks to, is larger than is taken."""

    code: ClassVar[str] = "reconciliation.file_too_large"
    most_bytes: int


@dataclass
class FileStatePassed(Conflict):
    """The file is not where this step begins."""

    code: ClassVar[str] = "reconciliation.file_state_passed"
    file_id: int
    state: str


@dataclass
class DifferenceStatePassed(Conflict):
    """The difference is not where this step begins."""

    code: ClassVar[str] = "reconciliation.difference_state_passed"
    difference_id: int
    state: str


@dataclass
class NotOffered(Conflict):
    """This cannot be done about a difference of this kind."""

    code: ClassVar[str] = "reconciliation.not_offered"
    difference_id: int
    category: str
    step: str


@dataclass
class SecondPersonNeeded(NotAllowed):
    """Somebody else has to approve it."""

    code: ClassVar[str] = "reconciliation.second_person_needed"
    of: str


@dataclass
class MonthNotReady(Conflict):
    """A month cannot be closed while something of it is missing or open."""

    code: ClassVar[str] = "reconciliation.month_not_ready"
    month: date
    obstacles: Sequence[Obstacle]
    count: int


@dataclass
class MonthClosed(Conflict):
    """The month is closed: open it again first."""

    code: ClassVar[str] = "reconciliation.month_closed"
    month: date


@dataclass
class MonthNotClosed(Conflict):
    """The month is not closed."""

    code: ClassVar[str] = "reconciliation.month_not_closed"
    month: date
