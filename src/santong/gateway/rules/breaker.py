"""When a line that fails is left alone, and when it is tried again. A state machine, no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from santong.gateway.contracts import BreakerState

# So many failures in a row open it; the first rest is short, each further one twice as long.
FAILURES_TO_OPEN: Final = 5
FIRST_REST: Final = timedelta(seconds=5)
LONGEST_REST: Final = timedelta(minutes=5)
# A probe that never comes back is given up after this long, and another may be sent.
PROBE_LIVES: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """How a line has behaved. A call carries the `generation` under which it was let through."""

    state: BreakerState = "closed"
    failures: int = 0
    trips: int = 0
    generation: int = 0
    rests_until: datetime | None = None
    probe_until: datetime | None = None


def let_through(*, breaker: Breaker, now: datetime) -> Breaker | None:
    """The breaker with one more call on its way, or None if the line is to be left alone.

    While it is half open, one call at a time finds out whether the line works again.
    """
    if breaker.state == "closed":
        return breaker
    resting = breaker.rests_until is not None and now < breaker.rests_until
    probing = breaker.probe_until is not None and now < breaker.probe_until
    if (breaker.state == "open" and resting) or (breaker.state == "half_open" and probing):
        return None
    return replace(
        breaker,
        state="half_open",
        generation=breaker.generation + 1,
        rests_until=None,
        probe_until=now + PROBE_LIVES,
    )


def succeeded(*, breaker: Breaker, generation: int) -> Breaker:
    """A call came back well. One that was let through before the last change tells nothing."""
    if generation != breaker.generation or breaker.state == "open":
        return breaker
    if breaker.state == "closed":
        return replace(breaker, failures=0)
    return Breaker(generation=breaker.generation + 1)


def failed(*, breaker: Breaker, generation: int, now: datetime) -> Breaker:
    """A call failed or took too long."""
    if generation != breaker.generation or breaker.state == "open":
        return breaker
    failures = breaker.failures + 1
    if breaker.state == "closed" and failures < FAILURES_TO_OPEN:
        return replace(breaker, failures=failures)
    return Breaker(
        state="open",
        failures=failures,
        trips=breaker.trips + 1,
        generation=breaker.generation + 1,
        rests_until=now + rest_after(trips=breaker.trips + 1),
    )


def rest_after(*, trips: int) -> timedelta:
    """How long a line is left alone once it has opened so many times in a row."""
    # Beyond this the longest is reached; a shift must not grow with every failure.
    return min(FIRST_REST * (1 << min(trips - 1, 16)), LONGEST_REST)
