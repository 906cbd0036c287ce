"""The refusals of aftersales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound


@dataclass
class MoreThanArrived(Conflict):
    """Units were asked for that never arrived, came back already, or are in another case."""

    code: ClassVar[str] = "aftersales.more_than_arrived"
    order_line_id: str
    wanted: int
    left: int


@dataclass
class CasePassed(Conflict):
    """The case is not in a state for this any more, or not yet."""

    code: ClassVar[str] = "aftersales.case_passed"
    case: str
    state: str
    wanted: str


@dataclass
class ReasonMissing(Invalid):
    """Who decides otherwise than proposed says why."""

    code: ClassVar[str] = "aftersales.reason_missing"
    differing: tuple[str, ...]


@dataclass
class MoreThanLeft(Conflict):
    """More would go back than is left of what was paid for these units."""

    code: ClassVar[str] = "aftersales.more_than_left"
    wanted_minor: int
    left_minor: int


@dataclass
class NoReturnsHere(Conflict):
    """The place takes no goods back."""

    code: ClassVar[str] = "aftersales.no_returns_here"
    location_id: str


@dataclass
class MoreThanAwaited(Conflict):
    """More came back than the case is about."""

    code: ClassVar[str] = "aftersales.more_than_awaited"
    case_line_id: str
    wanted: int
    left: int


@dataclass
class OwedPassed(Conflict):
    """These goods are not owed any more: they were made good, or the term was kept after all."""

    code: ClassVar[str] = "aftersales.owed_passed"
    remedy_id: str
    state: str


@dataclass
class RepairPassed(Conflict):
    """The repair is not in a state for this any more, or not yet."""

    code: ClassVar[str] = "aftersales.repair_passed"
    repair_id: str
    state: str
    wanted: str


@dataclass
class ClaimPassed(Conflict):
    """The claim is not in a state for this any more, or not yet."""

    code: ClassVar[str] = "aftersales.claim_passed"
    claim: str
    state: str
    wanted: str


@dataclass
class NoSuchOrderFound(NotFound):
    """No order is called so, by number, telephone or pickup code."""

    code: ClassVar[str] = "aftersales.no_such_order_found"


@dataclass
class LinkOver(NotFound):
    """The link was never good, or is not any more."""

    code: ClassVar[str] = "aftersales.link_over"


@dataclass
class KeyTaken(Conflict):
    """The key stands for something else."""

    code: ClassVar[str] = "aftersales.key_taken"
    key: str


@dataclass
class TooManyTries(LimitExceeded):
    """Too much was asked by this link of late."""

    code: ClassVar[str] = "aftersales.too_many_tries"
    retry_after_seconds: int
