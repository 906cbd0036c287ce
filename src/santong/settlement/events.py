"""What has happened to shares and payouts. Ids and values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from santong.kernel.facts import fact


@fact("settlement.rules_published.v1", aggregate="rule_set_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class RulesPublished:
    """A new version of the rules will be in force."""

    rule_set_id: int
    version: int
    valid_from: datetime


@fact("settlement.rule_draft_changed.v1", aggregate="draft_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class RuleDraftChanged:
    """A draft of rules was made, changed, published, declined or withdrawn."""

    draft_id: int
    state: str
    revision: int
    base_version: int


@fact("settlement.shares_frozen.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class SharesFrozen:
    """What was paid for a document has been shared."""

    document: str
    sale_id: int
    version: int
    currency: str
    paid_minor: int


@fact("settlement.shares_reversed.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class SharesReversed:
    """Shares went back with money; `left_minor` is what is still shared."""

    document: str
    sale_id: int
    key: str
    currency: str
    amount_minor: int
    left_minor: int


@fact("settlement.shares_restored.v1", aggregate="document")
@dataclass(frozen=True, kw_only=True, slots=True)
class SharesRestored:
    """What had been reversed stands again."""

    document: str
    sale_id: int
    key: str
    currency: str
    amount_minor: int
    left_minor: int


@fact("settlement.payout_run_changed.v1", aggregate="run_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PayoutRunChanged:
    """A payout run was drafted, approved or cancelled, or has ended."""

    run_id: int
    state: str
    currency: str
    amount_minor: int


@fact("settlement.payout_ended.v1", aggregate="party_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class PayoutEnded:
    """A party was paid, or was not: then what it was to get can be paid again."""

    party_id: int
    run_id: int
    line_id: int
    state: str
    currency: str
    amount_minor: int


@fact("settlement.statement_closed.v1", aggregate="month")
@dataclass(frozen=True, kw_only=True, slots=True)
class StatementsClosed:
    """The statements of a month are closed."""

    month: date
    statements: int


@fact("settlement.claim_answered.v1", aggregate="party_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class ClaimWasAnswered:
    """A party's dispute of a line was accepted or refused."""

    party_id: int
    claim_id: int
    state: str
    correction_minor: int
