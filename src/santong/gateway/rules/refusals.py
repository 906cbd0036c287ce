"""Calls that nobody we know has signed, counted in the process before they are written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from santong.gateway.contracts import RefusalCode
from santong.gateway.rules.masking import MASK

WRITTEN_EVERY: Final = timedelta(seconds=1)
# A caller who invents something new each time finds the same few counters.
MOST_PLACES: Final = 1_000
_LONGEST_KEY: Final = 50
_SHORTEST_KEY: Final = 8
_SHOWN: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where refused calls are counted."""

    merchant_id: int
    connection_id: int
    code: RefusalCode
    minute: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many calls were refused there, and what the last one looked like."""

    calls: int
    last_at: datetime
    app_key: str
    method: str


@dataclass(slots=True)
class Counters:
    """What a process has counted and not written yet, and when it wrote last."""

    counted: dict[Place, Counted] = field(default_factory=dict[Place, Counted])
    written_at: datetime | None = None

    def add(self, place: Place, one: Counted) -> None:
        """Count one more call."""
        before = self.counted.get(place)
        if before is not None:
            self.counted[place] = replace(one, calls=before.calls + one.calls)
        elif len(self.counted) < MOST_PLACES:
            self.counted[place] = one

    def due(self, *, now: datetime) -> dict[Place, Counted]:
        """What is to be written now: all of it, at most once a second."""
        if self.written_at is not None and abs(now - self.written_at) < WRITTEN_EVERY:
            return {}
        self.written_at = now
        taken, self.counted = self.counted, {}
        return taken


def minute_of(*, at: datetime) -> datetime:
    """The minute in which an instant lies."""
    return at.replace(second=0, microsecond=0)


def masked_key(*, app_key: str) -> str:
    """Who a caller says it is: the ends of a key, and nothing of what is none."""
    if not app_key:
        return ""
    is_key = app_key.isascii() and app_key.isalnum() and len(app_key) <= _LONGEST_KEY
    if not is_key or len(app_key) < _SHORTEST_KEY:
        return MASK
    return f"{app_key[:_SHOWN]}{MASK}{app_key[-_SHOWN:]}"
