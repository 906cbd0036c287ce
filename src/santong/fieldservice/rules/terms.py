"""What a change costs by the time that is left, and when absence counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from santong.fieldservice.contracts import Side

# After the end of the window one side waits this long before the other counts as absent.
GRACE: Final = timedelta(minutes=30)
# A technician who has arrived waits this long for the buyer.
WAITED: Final = timedelta(minutes=15)
SILENCE: Final = timedelta(hours=48)
MOST_METRES: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTerms:
    """Whether it is late for a change, and what that costs."""

    is_late: bool
    fee_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What is known of who was there."""

    window_until: datetime
    arrived_at: datetime | None
    proved_by_place: bool
    has_begun: bool
    reported_by: frozenset[Side]


def change_terms(
    *, window_from: datetime | None, free_hours: int, late_fee_minor: int, now: datetime
) -> ChangeTerms:
    """Free until so many hours before the window; without a window it is always free."""
    is_late = window_from is not None and now > window_from - timedelta(hours=free_hours)
    return ChangeTerms(is_late=is_late, fee_minor=late_fee_minor if is_late else 0)


def absent(signals: Signals, *, now: datetime) -> Side | None:
    """Who was not there, if two signals say so: what they did not do, and the other side's word.

    The technician: no check-in after the window, and the buyer (or who speaks for them) says so.
    The buyer: the technician has been at the place, which the place proved, has waited, nobody let
    them begin, and they say so.
    """
    if (
        signals.arrived_at is None
        and now >= signals.window_until + GRACE
        and "buyer" in signals.reported_by
    ):
        return "technician"
    if (
        signals.arrived_at is not None
        and signals.proved_by_place
        and not signals.has_begun
        and now >= signals.arrived_at + WAITED
        and "technician" in signals.reported_by
    ):
        return "buyer"
    return None


def is_silent(*, done_at: datetime, now: datetime) -> bool:
    """Whether the buyer has said nothing for so long that the work counts as accepted."""
    return now >= done_at + SILENCE
