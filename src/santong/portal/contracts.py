"""What leaves portal: frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

RunState = Literal["waiting", "running", "done", "broken_off"]
RUN_STATES: Final[tuple[RunState, ...]] = ("waiting", "running", "done", "broken_off")
Level = Literal["required", "advised"]
LEVELS: Final[tuple[Level, ...]] = ("required", "advised")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """What the suite is to be run against: an endpoint, and a member that it knows.

    `mobile_key` is the key of obfuscated telephone numbers; without it these are not tried.
    """

    app_key: str
    secret: str
    url: str
    seller_name: str
    member_mobile: str
    mobile_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What came of one case; `reason` is empty where it has passed."""

    code: str
    level: Level
    method: str
    milliseconds: int
    reason: str = ""
    wanted: str = ""
    got: str = ""

    @property
    def has_passed(self) -> bool:
        return not self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run of the conformance suite. `has_passed` is known when it is done."""

    id: int
    app_key: str
    url: str
    state: RunState
    cases_total: int
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    results: tuple[CaseResult, ...] = ()

    @property
    def has_passed(self) -> bool:
        """Whether everything that is required holds."""
        return self.state == "done" and all(
            result.has_passed for result in self.results if result.level == "required"
        )

    @property
    def failures(self) -> int:
        return sum(not result.has_passed for result in self.results)
