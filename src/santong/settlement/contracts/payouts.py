"""What is paid out to parties, and what they are told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

RunState = Literal["drafting", "draft", "approved", "ended", "cancelled"]
RUN_STATES: tuple[RunState, ...] = get_args(RunState)
PayoutWay = Literal["account", "payments"]
PAYOUT_WAYS: tuple[PayoutWay, ...] = get_args(PayoutWay)
PayoutState = Literal["planned", "sent", "done", "failed", "returned", "left_out"]
PAYOUT_STATES: tuple[PayoutState, ...] = get_args(PayoutState)
StatementState = Literal["closed", "confirmed"]
STATEMENT_STATES: tuple[StatementState, ...] = get_args(StatementState)
ClaimState = Literal["open", "accepted", "refused"]
CLAIM_STATES: tuple[ClaimState, ...] = get_args(ClaimState)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutLimits:
    """What a provider allows. None is without limit.

    A request is of one payment, or of none where money leaves the account itself; it names
    `receivers_per_request` receivers at most, and of one payment there may be
    `requests_per_payment`.
    """

    most_minor: int | None = None
    most_a_day_minor: int | None = None
    receivers_per_request: int = 50
    requests_per_payment: int = 50
    per_second: int = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What a party is to get, out of one payment or out of the account."""

    party_id: int
    amount_minor: int
    payment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOfDocument:
    """What a party is owed, and is due, of one document."""

    party_id: int
    document: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOfPayment:
    """What one payment of a document still has for others."""

    document: str
    payment: str
    left_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedPart:
    """One transfer of a plan: `day` and `second` count from its beginning."""

    party_id: int
    amount_minor: int
    payment: str
    request: int
    day: int
    second: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutPlan:
    """Transfers within a provider's limits, and what it does not let out of its payment."""

    parts: tuple[PlannedPart, ...]
    beyond: tuple[Owed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutRun:
    """One payout of what is due: drafted by one, approved by another.

    Its way is out of the payments of which parties are owed shares (what these do not let out
    leaves the account), or out of the account alone.
    """

    id: int
    state: RunState
    way: PayoutWay
    currency: str
    account_code: str
    minimum_minor: int
    limits: PayoutLimits
    drafted_by: str
    drafted_at: datetime
    approved_by: str
    approved_at: datetime | None
    ended_at: datetime | None
    lines: int
    amount_minor: int
    lines_by_state: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutLine:
    """One transfer of a run to one party, and how it ended; out of one payment, if it names one."""

    id: int
    run_id: int
    party_id: int
    party_code: str
    number: int
    state: PayoutState
    amount_minor: int
    currency: str
    attempts: int
    transfer_id: int | None
    tender_id: int | None
    is_last_share: bool
    why: str
    send_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A party's month. Closed, it never changes."""

    id: int
    party_id: int
    party_code: str
    party_name: str
    month: date
    currency: str
    counted_from: datetime
    counted_until: datetime
    opening_minor: int
    shared_minor: int
    reversed_minor: int
    paid_out_minor: int
    corrected_minor: int
    closing_minor: int
    entries: int
    state: StatementState
    closed_at: datetime
    confirmed_by: str
    confirmed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A party says that a line of its statement is wrong, and is answered."""

    id: int
    statement_id: int
    entry_id: int
    party_id: int
    reason: str
    claimed_by: str
    claimed_at: datetime
    state: ClaimState
    answer: str
    answered_by: str
    answered_at: datetime | None
    correction_minor: int
