"""Clocks: what happened to them, what a policy promises, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

ClockState = Literal["running", "paused", "stopped", "cancelled"]
CLOCK_STATES: tuple[ClockState, ...] = get_args(ClockState)
EventKind = Literal[
    "start",
    "pause",
    "resume",
    "policy_change",
    "calendar_change",
    "due_change",
    "stop",
    "cancel",
]
EVENT_KINDS: tuple[EventKind, ...] = get_args(EventKind)
StepBasis = Literal["share", "after_breach"]
STEP_BASES: tuple[StepBasis, ...] = get_args(StepBasis)
StepPlace = Literal["store", "everywhere"]
STEP_PLACES: tuple[StepPlace, ...] = get_args(StepPlace)
EscalationState = Literal["told", "seen", "done", "over"]
ESCALATION_STATES: tuple[EscalationState, ...] = get_args(EscalationState)
# What clocks are looked at by; anything else that a caller says stays with the clock as it is.
Dimension = Literal["store", "provider", "technician", "brand"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)

LONGEST_SUBJECT = 60
LONGEST_TERM = 60
LONGEST_TAG = 60
LONGEST_NOTE = 500
MOST_TAGS = 12
MOST_STEPS = 8
MOST_TARGET_SECONDS = 3_660 * 86_400
MOST_AFTER_SECONDS = 366 * 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a clock. Instants are whole seconds since 1970.

    A start without a policy has `due_at`; `calendar` counts its time, without one all time does.
    """

    kind: EventKind
    at: int
    policy: int | None = None
    calendar: int | None = None
    due_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who is told, and when: at a share of the time in percent, or seconds after the breach.

    Told within the calendar unless `is_at_once`: nobody is woken at midnight. `place` is the
    clock's own store, or everywhere: who has the role for all of the merchant.
    """

    basis: StepBasis
    value: int
    role: str
    place: StepPlace = "everywhere"
    is_at_once: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What a version of a policy promises: so many seconds of working time, and who is told.

    `warn_percent` 0 warns nobody.
    """

    target_seconds: int
    warn_percent: int = 0
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy as it holds now. People are told by `tell_calendar_code`, else by its calendar."""

    id: int
    code: str
    name: str
    version: int
    version_id: int
    calendar_code: str
    tell_calendar_code: str
    promise: Promise
    is_in_use: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How a clock stands at an instant.

    `due_at` is the first instant by which all of the time has been counted; None while it rests
    before that. `target_seconds` is what will have been counted by then. `unknown_years` are
    years, up to its due time, whose holidays nobody has told the calendar.
    """

    state: ClockState
    elapsed_seconds: int
    paused_seconds: int
    target_seconds: int
    due_at: int | None
    warn_at: int | None
    started_at: int
    ended_at: int | None
    is_late: bool
    policy: int | None
    calendar: int | None
    unknown_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """How long something may take, and took.

    `due_at` and `warn_at` are as of the last thing that happened to it. `is_kept` is known once
    it has stopped.
    """

    id: int
    subject: str
    term: str
    state: ClockState
    policy_code: str
    policy_version: int | None
    started_at: datetime
    target_seconds: int
    elapsed_seconds: int
    due_at: datetime | None
    warn_at: datetime | None
    warned_at: datetime | None
    broken_at: datetime | None
    ended_at: datetime | None
    is_kept: bool | None
    unknown_year: int | None
    tags: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An event of a clock as it was recorded."""

    kind: EventKind
    at: datetime
    recorded_at: datetime
    reason: str
    due_at: datetime | None
