"""The refusals of benefits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotAllowed, NotFound


@dataclass
class CodeTaken(Conflict):
    """Something of this kind has this code already."""

    code: ClassVar[str] = "benefits.code_taken"
    kind: str
    key: str


@dataclass
class LimitReached(Conflict):
    """All are given out: in all, to this member, today, or for this much money."""

    code: ClassVar[str] = "benefits.limit_reached"
    batch_id: int
    limit: str


@dataclass
class BatchNotOpen(Conflict):
    """The batch gives out nothing at this moment."""

    code: ClassVar[str] = "benefits.batch_not_open"
    batch_id: int
    state: str


@dataclass
class OutsideClaimWindow(Conflict):
    """It is too early or too late to take one."""

    code: ClassVar[str] = "benefits.outside_claim_window"
    batch_id: int
    opens_at: datetime
    closes_at: datetime | None


@dataclass
class BatchStatePassed(Conflict):
    """The batch is not where this step begins."""

    code: ClassVar[str] = "benefits.batch_state_passed"
    batch_id: int
    state: str
    wanted: str


@dataclass
class SecondPersonNeeded(NotAllowed):
    """Whoever drafted a batch does not approve it."""

    code: ClassVar[str] = "benefits.second_person_needed"
    batch_id: int


@dataclass
class SupplyMissing(Conflict):
    """There is not enough behind a batch to give out what it promises."""

    code: ClassVar[str] = "benefits.supply_missing"
    batch_id: int
    reason: str


@dataclass
class CouponStatePassed(Conflict):
    """The coupon is not where this step begins: it was used, expired or taken back."""

    code: ClassVar[str] = "benefits.coupon_state_passed"
    coupon_id: int
    state: str
    wanted: str


@dataclass
class CouponFrozen(Conflict):
    """The coupon is frozen."""

    code: ClassVar[str] = "benefits.coupon_frozen"
    coupon_id: int


@dataclass
class NotValidNow(Conflict):
    """The coupon's time has not come, or is over."""

    code: ClassVar[str] = "benefits.not_valid_now"
    coupon_id: int
    valid_from: datetime
    valid_until: datetime | None


@dataclass
class MoreThanBought(Conflict):
    """More comes back of a line than the coupon was used for."""

    code: ClassVar[str] = "benefits.more_than_bought"
    coupon_id: int


@dataclass
class KeyTaken(Conflict):
    """This key named another command of benefits."""

    code: ClassVar[str] = "benefits.key_taken"
    key: str


@dataclass
class CodeUnknown(NotFound):
    """No coupon has this code."""

    code: ClassVar[str] = "benefits.code_unknown"


@dataclass
class TooManyTries(LimitExceeded):
    """Too many codes were tried that are none."""

    code: ClassVar[str] = "benefits.too_many_tries"
    retry_after_seconds: int


@dataclass
class LinesRefused(Invalid):
    """Lines of a file are wrong, and so nothing was taken of it."""

    code: ClassVar[str] = "benefits.lines_refused"
    wrong: int
    first_line: int


@dataclass
class ImportRefused(Invalid):
    """A file cannot be read as a file of codes."""

    code: ClassVar[str] = "benefits.import_refused"
    reason: str
