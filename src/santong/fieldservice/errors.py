"""What fieldservice refuses, each with what one needs to know to do better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound


@dataclass
class KeyTaken(Conflict):
    """The key stands for another visit."""

    code: ClassVar[str] = "fieldservice.key_taken"
    key: str


@dataclass
class VisitPassed(Conflict):
    """The visit is not in a state for this."""

    code: ClassVar[str] = "fieldservice.visit_passed"
    visit_id: str
    state: str
    wanted: str


@dataclass
class SlotTaken(Conflict):
    """Nobody can come in this window any more; choose another."""

    code: ClassVar[str] = "fieldservice.slot_taken"
    window_from: str


@dataclass
class CannotCome(Conflict):
    """The technician who was named cannot come then, and why."""

    code: ClassVar[str] = "fieldservice.cannot_come"
    technician_id: str
    why: str


@dataclass
class StillWaits(Conflict):
    """Goods or parts are not there yet: the visit is offered when they are."""

    code: ClassVar[str] = "fieldservice.still_waits"
    visit_id: str


@dataclass
class PlaceUnknown(Invalid):
    """The address leads to no point on the map; give its latitude and longitude."""

    code: ClassVar[str] = "fieldservice.place_unknown"
    pointer: str = "/place"


@dataclass
class TooFar(Conflict):
    """The check-in is too far from where the work is; ask the buyer for the code."""

    code: ClassVar[str] = "fieldservice.too_far"
    distance_metres: int
    most_metres: int


@dataclass
class PhotosMissing(Conflict):
    """This service needs at least one photo before it can be reported done."""

    code: ClassVar[str] = "fieldservice.photos_missing"
    visit_id: str


@dataclass
class CodeNeeded(Conflict):
    """This service is accepted by the buyer's code, or by a signature on the buyer's own page."""

    code: ClassVar[str] = "fieldservice.code_needed"
    visit_id: str


@dataclass
class LinkOver(NotFound):
    """The link opens no visit, or not any more."""

    code: ClassVar[str] = "fieldservice.link_over"


@dataclass
class TooLateToChange(Conflict):
    """Somebody is on the way, or the work has begun: call instead."""

    code: ClassVar[str] = "fieldservice.too_late_to_change"
    visit_id: str


@dataclass
class TooOften(LimitExceeded):
    """Too many tries; wait before the next."""

    code: ClassVar[str] = "fieldservice.too_often"
    retry_after_seconds: int


@dataclass
class NothingOwed(Conflict):
    """Nothing is owed for this visit, or all of it is paid."""

    code: ClassVar[str] = "fieldservice.nothing_owed"
    visit_id: str


@dataclass
class PlanPassed(Conflict):
    """The plan was taken or refused before."""

    code: ClassVar[str] = "fieldservice.plan_passed"
    plan_id: str
    state: str


@dataclass
class PlanOutdated(Conflict):
    """Visits of the day have changed since the plan was made: propose it anew."""

    code: ClassVar[str] = "fieldservice.plan_outdated"
    plan_id: str


@dataclass
class NothingToPlan(Conflict):
    """No visit of this day can be moved."""

    code: ClassVar[str] = "fieldservice.nothing_to_plan"
    on: str


@dataclass
class VisitsAhead(Conflict):
    """A person cannot be forgotten while somebody is to come to them."""

    code: ClassVar[str] = "fieldservice.visits_ahead"
    visit_ids: list[str]
