"""What has happened to visits. Ids and values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("fieldservice.visit_offered.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitOffered:
    """A visit can be booked: what it waited for is there."""

    visit_id: int
    document: str
    service_type: str
    follows_id: int | None


@fact("fieldservice.visit_booked.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitBooked:
    """Somebody comes, and will arrive in this window."""

    visit_id: int
    document: str
    service_type: str
    provider_code: str
    technician_id: int
    window_from: datetime
    window_until: datetime


@fact("fieldservice.visit_rescheduled.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitRescheduled:
    """The promised window is another, or somebody else comes in it."""

    visit_id: int
    document: str
    provider_code: str
    technician_id: int
    window_from: datetime
    window_until: datetime
    by: str


@fact("fieldservice.visit_checked_in.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitCheckedIn:
    """The technician is there; `by` place or the buyer's code proved it."""

    visit_id: int
    document: str
    provider_code: str
    technician_id: int
    by: str
    arrived_at: datetime


@fact("fieldservice.visit_done.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitDone:
    """The technician reported the work done; the buyer has still to accept it."""

    visit_id: int
    document: str
    service_type: str
    provider_code: str
    technician_id: int
    done_at: datetime
    used_by_sku: dict[str, int]
    is_preparation: bool = False


@fact("fieldservice.visit_accepted.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitAccepted:
    """The work is accepted: by the buyer's code, their signature, or two days of silence.

    A preparation (measuring, a survey) comes before what was sold, and accepts nothing of it.
    """

    visit_id: int
    document: str
    service_type: str
    provider_code: str
    technician_id: int
    accepted_by: str
    accepted_at: datetime
    is_preparation: bool = False


@fact("fieldservice.visit_missed.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitMissed:
    """Two signals agree that one side was not there; the visit that follows takes its place."""

    visit_id: int
    document: str
    provider_code: str
    technician_id: int
    missed_by: str
    followed_by_id: int


@fact("fieldservice.visit_cancelled.v1", aggregate="visit_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class VisitCancelled:
    """Nobody comes. Late, the fee of the service's terms is owed."""

    visit_id: int
    document: str
    service_type: str
    by: str
    is_late: bool
    fee_minor: int
