"""What is claimed from carriers and suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, get_args

ClaimParty = Literal["carrier", "supplier"]
CLAIM_PARTIES: Final[tuple[ClaimParty, ...]] = get_args(ClaimParty)
ClaimWhat = Literal["parcel_lost", "parcel_damaged", "parcel_late", "material", "wrong_goods"]
CLAIM_WHATS: Final[tuple[ClaimWhat, ...]] = get_args(ClaimWhat)
ClaimState = Literal["open", "submitted", "accepted", "paid", "refused", "withdrawn"]
CLAIM_STATES: Final[tuple[ClaimState, ...]] = get_args(ClaimState)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewClaim:
    """What is asked of whom, and until when they have to be told."""

    party: ClaimParty
    party_code: str
    what: ClaimWhat
    amount_minor: int
    currency: str
    reason: str
    key: str
    deadline_on: date | None = None
    case_id: int | None = None
    order_id: int | None = None
    parcel_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim: what was asked, what was granted, and what has come in."""

    id: int
    number: str
    party: ClaimParty
    party_code: str
    what: ClaimWhat
    state: ClaimState
    amount_minor: int
    granted_minor: int
    received_minor: int
    currency: str
    reason: str
    deadline_on: date | None
    case_id: int | None
    order_id: int | None
    parcel_number: str
    opened_at: datetime
    opened_by: str
    submitted_at: datetime | None
    ended_at: datetime | None
    answer: str
    received_document: str
    received_at_account: str = ""

    def age_days(self, now: datetime) -> int:
        """How many days it has taken, until it ended or so far."""
        return ((self.ended_at or now) - self.opened_at).days


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimSum:
    """What claims of one party come to."""

    party: ClaimParty
    party_code: str
    currency: str
    claims: int
    asked_minor: int
    granted_minor: int
    received_minor: int
