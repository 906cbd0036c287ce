"""An agreement from its draft on, its acceptance, and what checking it finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, get_args

from santong.agreements.contracts.breaches import Breach, Outcome
from santong.agreements.contracts.terms import Category, Term

AgreementState = Literal[
    "draft", "offered", "accepted", "superseded", "fulfilled", "breached", "cancelled"
]
STATES: Final[tuple[AgreementState, ...]] = get_args(AgreementState)
# What is promised at present: of a document at most one agreement.
IN_FORCE: Final[tuple[AgreementState, ...]] = ("accepted", "breached")

How = Literal["name", "signature", "channel"]
HOWS: Final[tuple[How, ...]] = get_args(How)


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """Whom an agreement is offered to, in clear text."""

    name: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgreement:
    """Terms for a document: an order, or a staged sale. Without a template they stand alone."""

    document: str
    terms: tuple[Term, ...]
    total_minor: int
    currency: str
    category: Category = "other"
    template_code: str = ""
    template_version: int = 0
    location_id: int | None = None
    buyer: Buyer = Buyer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """How somebody accepts. `address` is the network address, of which a keyed hash is kept.

    `signature` is a drawing; `signed_in` names a log-in, as `member:17`.
    """

    how: How
    name: str = field(repr=False)
    address: str = field(default="", repr=False)
    signed_in: str = ""
    signature: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An accepted agreement's place in its merchant's chain."""

    number: int
    hash: str
    prev_hash: str
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What is promised beside the goods, and how it stands."""

    id: int
    number: int
    document: str
    version: int
    state: AgreementState
    category: Category
    template_code: str
    template_version: int
    currency: str
    total_minor: int
    timezone: str
    location_id: int | None
    terms: tuple[Term, ...]
    outcome_by_term: tuple[Outcome, ...]
    made_by: str
    made_at: datetime
    offered_at: datetime | None
    offered_by: str
    expires_at: datetime | None
    accepted_at: datetime | None
    accepted_how: How | None
    accepted_name: str
    signed_in: str
    ended_at: datetime | None
    end_reason: str
    delivered_at: datetime | None
    claims_until: datetime | None
    erased_at: datetime | None
    link: Link | None
    paper_id: int | None
    record_id: int | None
    signature_id: int | None
    supersedes_id: int | None
    superseded_by_id: int | None
    link_round: int
    breaches: tuple[Breach, ...] = ()

    @property
    def subject(self) -> str:
        """Its name for evidence, clocks and the trail."""
        return f"agreement:{self.id}"

    @property
    def is_in_force(self) -> bool:
        """Whether it is what is promised at present."""
        return self.state in IN_FORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer with the token of its buyer's link."""

    agreement: Agreement
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a merchant makes agreements."""

    max_window_days: int = 3
    offer_days: int = 7
    claim_days: int = 7
    decide_hours: int = 48
    needs_signature: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A version of terms that are offered often. Its windows count from the day of the offer."""

    code: str
    version: int
    name: str
    category: Category
    terms: tuple[Term, ...]
    is_in_use: bool
    published_at: datetime
    published_by: str


FindingKind = Literal[
    "field",
    "not_in_chain",
    "record_hash",
    "chain_before",
    "chain_after",
    "record_file",
    "paper_missing",
    "paper_altered",
    "paper_signature",
    "paper_record",
    "file",
]
FINDING_KINDS: Final[tuple[FindingKind, ...]] = get_args(FindingKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it was accepted: where, what it was, and what it is."""

    kind: FindingKind
    where: str
    expected: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking an agreement came to. Without findings nothing has changed."""

    agreement_id: int
    checked_at: datetime
    findings: tuple[Finding, ...]
    is_paper_there: bool
    is_erased: bool

    @property
    def is_unchanged(self) -> bool:
        """Whether all of it is as it was accepted."""
        return not self.findings
