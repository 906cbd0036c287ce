"""A day's visits, planned anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

# Asked for and not worked out yet; worked out, and nothing is better than the day as it is.
PlanState = Literal["asked", "proposed", "nothing", "taken", "refused", "outdated"]
PLAN_STATES: tuple[PlanState, ...] = get_args(PlanState)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanMove:
    """One visit in the plan: who would come when, before and after."""

    visit_id: int
    before_technician_id: int
    before_starts_at: datetime
    technician_id: int
    starts_at: datetime
    window_from: datetime
    window_until: datetime

    @property
    def is_moved(self) -> bool:
        """Whether another technician would come, or at another time."""
        return (self.before_technician_id, self.before_starts_at) != (
            self.technician_id,
            self.starts_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """A proposal for one provider's day: minutes on the way before and after, and every visit."""

    id: int
    provider_id: int
    on: date
    state: PlanState
    before_minutes: int
    after_minutes: int
    moves: tuple[PlanMove, ...]
    left_out: tuple[int, ...]
    proposed_by: str
    proposed_at: datetime
    ended_by: str
    ended_at: datetime | None
    ended_why: str

    @property
    def saved_minutes(self) -> int:
        """How much less time would be spent on the way."""
        return self.before_minutes - self.after_minutes
