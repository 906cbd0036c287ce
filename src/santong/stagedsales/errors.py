"""The refusals of stagedsales."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from santong.kernel.errors import Conflict, LimitExceeded, NotFound


@dataclass
class StagedKeyTaken(Conflict):
    """The key stands for another command, with other content."""

    code: ClassVar[str] = "stagedsales.key_taken"
    key: str


@dataclass
class NotOffered(Conflict):
    """The plan is offered no more, or not yet."""

    code: ClassVar[str] = "stagedsales.not_offered"
    plan: str


@dataclass
class SalePassed(Conflict):
    """The sale is in a state in which this cannot be done with it."""

    code: ClassVar[str] = "stagedsales.sale_passed"
    state: str


@dataclass
class StagePassed(Conflict):
    """The stage is in a state in which this cannot be done with it."""

    code: ClassVar[str] = "stagedsales.stage_passed"
    number: int
    state: str


@dataclass
class NothingOpen(Conflict):
    """Nothing is to be paid for it, now or any more."""

    code: ClassVar[str] = "stagedsales.nothing_open"
    number: int
    state: str


@dataclass
class OnlyWhole(Conflict):
    """A stage is paid whole: the parts have to come to what is open."""

    code: ClassVar[str] = "stagedsales.only_whole"
    open_minor: int
    offered_minor: int


@dataclass
class CodeRefused(Conflict):
    """There is no such code, or it was made up; nobody learns which."""

    code: ClassVar[str] = "stagedsales.code_refused"


@dataclass
class CodeMisread(Conflict):
    """A digit is wrong, or two changed places; nothing was looked up."""

    code: ClassVar[str] = "stagedsales.code_misread"


@dataclass
class CodeOver(Conflict):
    """The code's time is over, or it was taken back."""

    code: ClassVar[str] = "stagedsales.code_over"
    state: str


@dataclass
class AlreadyRedeemed(Conflict):
    """Somebody has redeemed the code before: when, and in which store."""

    code: ClassVar[str] = "stagedsales.already_redeemed"
    redeemed_at: datetime
    location_id: str | None


@dataclass
class NonceTaken(Conflict):
    """The device used this nonce for another code."""

    code: ClassVar[str] = "stagedsales.nonce_taken"
    nonce: str


@dataclass
class TooManyCodeTries(LimitExceeded):
    """Too many codes that are none; the right one is refused as well until later."""

    code: ClassVar[str] = "stagedsales.too_many_tries"
    retry_after_seconds: int


@dataclass
class ContractNumberTaken(Conflict):
    """Another contract of the merchant has this number."""

    code: ClassVar[str] = "stagedsales.contract_number_taken"
    number: str


@dataclass
class BelowAccepted(Conflict):
    """The buyer has accepted work for more than the new total."""

    code: ClassVar[str] = "stagedsales.below_accepted"
    accepted_minor: int
    wanted_minor: int


@dataclass
class ChangePassed(Conflict):
    """The change was decided, withdrawn, or the sale moved on since it was proposed."""

    code: ClassVar[str] = "stagedsales.change_passed"
    version: int
    state: str


@dataclass
class DeliveryBlocked(Conflict):
    """Stages that have to be paid before anything is handed over are not."""

    code: ClassVar[str] = "stagedsales.delivery_blocked"
    numbers: list[int]


@dataclass
class GoodsSent(Conflict):
    """The goods of the contract were ordered already, otherwise than is asked for now."""

    code: ClassVar[str] = "stagedsales.goods_sent"
    order_id: str


@dataclass
class SaleStillOpen(Conflict):
    """A person cannot be forgotten while sales of theirs are open."""

    code: ClassVar[str] = "stagedsales.still_open"
    sale_ids: list[str]


@dataclass
class SaleLinkOver(NotFound):
    """The link opens nothing: it ended, or never was."""

    code: ClassVar[str] = "stagedsales.link_over"
