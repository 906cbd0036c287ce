"""What fulfilment refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded


@dataclass
class StatePassed(Conflict):
    """The work is not in a state from which this can be done."""

    code: ClassVar[str] = "fulfilment.state_passed"
    fulfilment_order_id: int
    state: str
    wanted: str


@dataclass
class OfferClosed(Conflict):
    """The time to accept has run out."""

    code: ClassVar[str] = "fulfilment.offer_closed"
    fulfilment_order_id: int


@dataclass
class PickupStays(Conflict):
    """The buyer collects there: another counter is for the buyer to choose."""

    code: ClassVar[str] = "fulfilment.pickup_stays"
    fulfilment_order_id: int


@dataclass
class TooManyAttempts(Conflict):
    """So many places have been asked that somebody has to say why one more is."""

    code: ClassVar[str] = "fulfilment.too_many_attempts"
    fulfilment_order_id: int
    attempt: int


@dataclass
class NoteMissing(Invalid):
    """The reason says nothing without a note."""

    code: ClassVar[str] = "fulfilment.note_missing"
    reason: str


@dataclass
class NotWhatWasAsked(Invalid):
    """Quantities name lines or amounts that are not part of this work."""

    code: ClassVar[str] = "fulfilment.not_what_was_asked"
    order_line_ids: tuple[int, ...]


@dataclass
class CodeWrong(Conflict):
    """The pickup code is not the one that the buyer was given."""

    code: ClassVar[str] = "fulfilment.code_wrong"
    tries_left: int


@dataclass
class CodeLocked(LimitExceeded):
    """Too many wrong codes; the work is locked for a while."""

    code: ClassVar[str] = "fulfilment.code_locked"
    retry_after_seconds: int


@dataclass
class TrackingNumberTaken(Conflict):
    """The carrier's number belongs to another parcel."""

    code: ClassVar[str] = "fulfilment.tracking_number_taken"
    carrier: str
    tracking_number: str


@dataclass
class CaseClosed(Conflict):
    """The case has been closed by somebody else."""

    code: ClassVar[str] = "fulfilment.case_closed"
    case_id: int
    resolution: str
