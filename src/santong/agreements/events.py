"""The facts of agreements: ids, states and amounts, never who somebody is or what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel.facts import fact


@fact("agreements.agreement_offered.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementOffered:
    """Terms are offered to a buyer, until an instant."""

    agreement_id: int
    number: int
    document: str
    version: int
    expires_at: datetime


@fact("agreements.agreement_accepted.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementAccepted:
    """The buyer accepted: from now on these terms hold, frozen as this link of the chain."""

    agreement_id: int
    number: int
    document: str
    version: int
    accepted_at: datetime
    link_number: int
    hash: str
    supersedes_id: int | None


@fact("agreements.agreement_ended.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class AgreementEnded:
    """It promises nothing more: fulfilled, superseded by a newer one, or cancelled."""

    agreement_id: int
    document: str
    state: str
    reason: str


@fact("agreements.term_kept.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class TermKept:
    """What a term promised was done in time."""

    agreement_id: int
    document: str
    term: int
    kind: str
    kept_at: datetime


@fact("agreements.term_broken.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class TermBroken:
    """A term was not kept: the clock found it, or a claim was granted."""

    breach_id: int
    agreement_id: int
    document: str
    term: int
    kind: str
    found_by: str
    broken_at: datetime
    remedy: str
    bearer: str
    bearer_code: str


@fact("agreements.remedy_owed.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyOwed:
    """The buyer is owed what makes the breach good: goods by aftersales, money by agreements."""

    breach_id: int
    agreement_id: int
    document: str
    term: int
    kind: str
    remedy: str
    currency: str
    amount_minor: int
    bearer: str
    bearer_code: str


@fact("agreements.remedy_done.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class RemedyDone:
    """The breach is made good: so much money went back, or goods by the case that is named."""

    breach_id: int
    agreement_id: int
    document: str
    term: int
    remedy: str
    currency: str
    amount_minor: int
    made_good_by: str
    bearer: str
    bearer_code: str
