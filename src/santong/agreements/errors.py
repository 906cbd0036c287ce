"""The refusals of agreements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound


@dataclass
class AgreementPassed(Conflict):
    """The agreement is not in a state in which this can be done with it."""

    code: ClassVar[str] = "agreements.passed"
    state: str


@dataclass
class OfferOver(Conflict):
    """The offer has expired; another one has to be made."""

    code: ClassVar[str] = "agreements.offer_over"


@dataclass
class AlreadyAccepted(Conflict):
    """It was accepted before, by somebody else or in another way."""

    code: ClassVar[str] = "agreements.already_accepted"


@dataclass
class SignatureMissing(Invalid):
    """This merchant's agreements are accepted with a drawn signature."""

    code: ClassVar[str] = "agreements.signature_missing"


@dataclass
class NothingSold(Conflict):
    """The document was cancelled: there is nothing to promise."""

    code: ClassVar[str] = "agreements.nothing_sold"
    document: str


@dataclass
class TemplateMoved(Conflict):
    """The template has newer terms, or is out of use."""

    code: ClassVar[str] = "agreements.template_moved"
    newest: int


@dataclass
class LinkGone(NotFound):
    """The link opens nothing: it was renewed, or never was."""

    code: ClassVar[str] = "agreements.link_gone"


@dataclass
class TooOften(LimitExceeded):
    """Too many tries by this link; later ones may succeed."""

    code: ClassVar[str] = "agreements.too_often"
    retry_after_seconds: int


@dataclass
class NoPaper(NotFound):
    """The paper is not made yet, or was erased."""

    code: ClassVar[str] = "agreements.no_paper"


@dataclass
class NotInForce(Conflict):
    """Nothing can be claimed: the agreement is not in force, or its time for claims is over."""

    code: ClassVar[str] = "agreements.not_in_force"
    state: str


@dataclass
class ReportedTooLate(Conflict):
    """The hours within which this can be said after delivery are over."""

    code: ClassVar[str] = "agreements.reported_too_late"
    until: str


@dataclass
class AlreadyBroken(Conflict):
    """The breach of this term is known already, and is made good once."""

    code: ClassVar[str] = "agreements.already_broken"
    breach_id: int


@dataclass
class ClaimPassed(Conflict):
    """The claim was decided, or made good."""

    code: ClassVar[str] = "agreements.claim_passed"
    state: str


@dataclass
class AboveLimit(Conflict):
    """More than the term comes to at most, less what it has cost already."""

    code: ClassVar[str] = "agreements.above_limit"
    most_minor: int
