"""What else is known of money: calls to providers, what they told, disputes, what a refund does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.payments.contracts.money import Method
from santong.payments.contracts.providers import DisputeState
from santong.payments.contracts.work import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """The next call to a provider about something; no `due_at`: nothing is left to ask.

    `attempts` have gone unanswered in a row; `code` is the provider's word for the last one.
    """

    id: int
    about: About
    subject_id: int
    account_code: str
    step: str
    due_at: datetime | None
    attempts: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Something a provider told us; `is_again`: it had told of the same thing before."""

    number: str
    about: str
    reference: str
    account_code: str
    taken_at: datetime
    is_again: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeTold:
    """A buyer has asked the provider for the money of a tender."""

    id: int
    tender_id: int
    intent_id: int
    document: str
    account_code: str
    their_reference: str
    currency: str
    amount_minor: int
    state: DisputeState
    why: str
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """So much would go back along one tender."""

    tender_id: int
    account_code: str
    method: Method
    amount_minor: int


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """Along which tenders a refund would go; none where it does not fit."""

    refundable_minor: int
    parts: tuple[PlannedPart, ...]
