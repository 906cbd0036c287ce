"""The refusals of invoicing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from santong.kernel.errors import Conflict, Invalid, LimitExceeded, NotFound


@dataclass
class NotPaid(Conflict):
    """What is not paid in full has no invoice yet."""

    code: ClassVar[str] = "invoicing.not_paid"
    document: str


@dataclass
class NothingToInvoice(Conflict):
    """All of it is invoiced already, has gone back, or cost nothing."""

    code: ClassVar[str] = "invoicing.nothing_to_invoice"
    document: str


@dataclass
class MoreThanPaid(Conflict):
    """More than what was paid for a line, is not invoiced, and did not go back."""

    code: ClassVar[str] = "invoicing.more_than_paid"
    line: str
    left_minor: int


@dataclass
class SellerMissing(Conflict):
    """Nobody is set up to issue invoices for these goods, or has stopped to."""

    code: ClassVar[str] = "invoicing.seller_missing"
    line: str


@dataclass
class KeyTaken(Conflict):
    """This key came before with another request."""

    code: ClassVar[str] = "invoicing.key_taken"
    key: str


@dataclass
class TitleInvalid(Invalid):
    """The buyer's name or number is not as the tax office takes it."""

    code: ClassVar[str] = "invoicing.title_invalid"
    pointer: str
    reason: str


@dataclass
class SellerTaken(Conflict):
    """Another seller issues for this brand or dealer, or has this code."""

    code: ClassVar[str] = "invoicing.seller_taken"
    seller: str


@dataclass
class RateTaken(Conflict):
    """At this moment another rate begins for the same goods."""

    code: ClassVar[str] = "invoicing.rate_taken"
    subject: str
    key: str


@dataclass
class StatePassed(Conflict):
    """The invoice is in a state in which this cannot be done."""

    code: ClassVar[str] = "invoicing.state_passed"
    invoice_id: str
    state: str


@dataclass
class LinkOver(NotFound):
    """The link is not ours, has ended, or was taken back."""

    code: ClassVar[str] = "invoicing.link_over"


@dataclass
class TooManyTries(LimitExceeded):
    """Too many requests came from one place; the next is heard after a pause."""

    code: ClassVar[str] = "invoicing.too_many_tries"
    retry_after_seconds: int
