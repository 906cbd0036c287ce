"""When a buyer is told something, and how often it is tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

# Nobody is woken for what can wait until they have had breakfast.
QUIET_FROM: Final = time(21, 30)
QUIET_UNTIL: Final = time(8, 30)
# After each try that failed; then a person has to see to it.
WAITS: Final[Sequence[timedelta]] = (
    timedelta(seconds=30),
    timedelta(minutes=5),
    timedelta(hours=1),
    timedelta(hours=6),
)
CLAIMED_FOR: Final = timedelta(minutes=2)
KEPT_FOR: Final = timedelta(days=1)
LISTED_FOR: Final = timedelta(days=90)

# What buyers are told of.
KINDS: Final[tuple[str, ...]] = (
    "agreement_offered",
    "balance_opened",
    "case_decided",
    "change_proposed",
    "code_issued",
    "contract_signed",
    "remedy_done",
    "stage_due",
    "visit_booked",
    "visit_missed",
    "visit_moved",
    "visit_offered",
)


# Countries where a message in Chinese is read.
READS_CHINESE: Final = ("+86", "+852", "+853", "+886")


def language_for(*, phone: str) -> str:
    """The language in which a phone (E.164) is written to: nobody says it, its country does."""
    return "zh-hans" if phone.startswith(READS_CHINESE) else "en"


def notice_key(*, kind: str, subject: str, mark: str) -> str:
    """What makes a notice the same one, however often its fact is told."""
    return f"{kind}#{subject}#{mark}"


def mark_of(key: str) -> str:
    """Which of several things of its kind a notice is about."""
    return key.rpartition("#")[2]


def polite_at(now: datetime, *, zone: tzinfo) -> datetime:
    """Now, or the end of the night if it is night where the shop is."""
    here = now.astimezone(zone)
    if QUIET_UNTIL <= here.time() < QUIET_FROM:
        return now
    day = here.date() if here.time() < QUIET_UNTIL else here.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, tzinfo=zone)


def next_try(*, tries: int, now: datetime) -> datetime | None:
    """When to try again after so many tries; never, if that was enough."""
    return now + WAITS[tries - 1] if 0 < tries <= len(WAITS) else None
