"""The refusals of presales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound
from santong.presales.contracts import Problem


@dataclass
class InvalidOffer(Invalid):
    """Something in the offer makes no sense, or is not lawful; every wrong field is named."""

    code: ClassVar[str] = "presales.invalid_offer"
    errors: tuple[Problem, ...]


@dataclass
class OfferCodeTaken(Conflict):
    """Another offer of the merchant has this code."""

    code: ClassVar[str] = "presales.offer_code_taken"
    offer_code: str


@dataclass
class OfferPassed(Conflict):
    """The offer is not in a state in which this can happen."""

    code: ClassVar[str] = "presales.offer_passed"
    offer_id: str
    state: str


@dataclass
class LimitBelowTaken(Conflict):
    """More units have been taken than the offer would allow."""

    code: ClassVar[str] = "presales.limit_below_taken"
    taken_units: int


@dataclass
class NotOnOffer(Conflict):
    """Nobody can join now: the offer is not live, or its deposit window is not open."""

    code: ClassVar[str] = "presales.not_on_offer"
    offer_id: str


@dataclass
class SoldOut(Conflict):
    """Fewer units are left than are wanted."""

    code: ClassVar[str] = "presales.sold_out"
    left_units: int


@dataclass
class TooManyUnits(LimitExceeded):
    """The buyer would have more units than one buyer may."""

    code: ClassVar[str] = "presales.too_many_units"
    most_per_buyer: int


@dataclass
class PresaleKeyTaken(Conflict):
    """The key came before with another wish."""

    code: ClassVar[str] = "presales.key_taken"
    key: str


@dataclass
class PresalePassed(Conflict):
    """The presale order is not in a state in which this can happen."""

    code: ClassVar[str] = "presales.presale_passed"
    presale_id: str
    state: str


@dataclass
class DepositOver(Conflict):
    """The time for the deposit is over."""

    code: ClassVar[str] = "presales.deposit_over"
    deposit_by: str


@dataclass
class BalanceNotOpen(Conflict):
    """The balance can be paid inside its window only."""

    code: ClassVar[str] = "presales.balance_not_open"
    balance_from: str
    balance_until: str


@dataclass
class DepositDisputed(Conflict):
    """The buyer fights about the deposit at the provider; until that is decided nothing moves."""

    code: ClassVar[str] = "presales.deposit_disputed"
    presale_id: str


@dataclass
class CompensationPaid(Conflict):
    """The compensation is on its way, or there."""

    code: ClassVar[str] = "presales.compensation_paid"
    presale_id: str
    state: str


@dataclass
class PresaleLinkOver(NotFound):
    """The link opens nothing any more."""

    code: ClassVar[str] = "presales.link_over"
