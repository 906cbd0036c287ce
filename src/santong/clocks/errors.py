"""The refusals of clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid


@dataclass
class ClockCodeTaken(Conflict):
    """Another calendar or policy has this code."""

    code: ClassVar[str] = "clocks.code_taken"
    taken: str


@dataclass
class PolicyOutOfUse(Conflict):
    """No clock is started by this policy any more."""

    code: ClassVar[str] = "clocks.policy_out_of_use"
    policy: str


@dataclass
class CalendarNeverOpen(Invalid):
    """By this calendar no time would ever be counted."""

    code: ClassVar[str] = "clocks.calendar_never_open"
    calendar: str


@dataclass
class YearRefused(Invalid):
    """The file of a year has mistakes; each names its line. Nothing of it was taken."""

    code: ClassVar[str] = "clocks.year_refused"
    mistakes: list[dict[str, str | int]]


@dataclass
class YearMoved(Conflict):
    """Somebody loaded this year since it was looked at; look again."""

    code: ClassVar[str] = "clocks.year_moved"
    version: int


@dataclass
class EscalationOver(Conflict):
    """Somebody has dealt with it already, or there is nothing left to deal with."""

    code: ClassVar[str] = "clocks.escalation_over"
    state: str
