"""The facts of a case and what follows from them, kept so that it can be replayed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from santong.aftersales.contracts.cases import Kind, Reason, Way
from santong.aftersales.contracts.policies import CasePolicy

Verdict = Literal["accept", "refuse", "ask"]
FreightBy = Literal["buyer", "merchant", "nobody"]


# Why a proposal is as it is.
BECAUSE: Final = (
    "in_time",
    "too_late",
    "photo_missing",
    "kind_not_allowed",
    "no_fault_of_ours",
    "parcel_to_be_looked_for",
    "term_in_force",
    "under_warranty",
    "repair_is_quoted",
    "freight_is_paid_back",
    "remedy_owed",
    "compensation_counts",
)
# In what a decision can differ from its proposal.
OVERRULED: Final = ("verdict", "kind", "needs_return", "refund_minor", "freight_minor")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactsLine:
    """Units of a line: what they are worth, since when the buyer has them, how long they are good.

    `warranty_months` is 0 where nothing was promised for such goods. `compensated_minor` is what a
    broken term had brought for these units already: `value_minor` is what is left without it.
    """

    order_line_id: int
    sku_code: str
    category: str
    quantity: int
    value_minor: int
    delivered_at: datetime | None
    warranty_months: int
    compensated_minor: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A term that was agreed for this very document, as far as a case is concerned."""

    term: str
    reference: str
    remedy: Literal["resend", "replace", "discount", "refund", "compensate"]
    cap_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision depends on, and nothing else.

    `freight_minor` is what is left of the order's carriage; it is due only with `is_last`: when
    nothing of the order stays with the buyer. `most_minor` is what compensation and refunds have
    left of what was paid; `owed` is the broken term that the case makes good.
    """

    kind: Kind
    reason: Reason
    way_back: Way
    opened_at: datetime
    currency: str
    lines: tuple[FactsLine, ...]
    photos: int
    freight_minor: int
    is_last: bool
    policy_version: int
    policy: CasePolicy
    promises: tuple[Promise, ...] = ()
    owed: Promise | None = None
    most_minor: int | None = None

    @property
    def paid_minor(self) -> int:
        """What the units had cost, before a broken term brought anything for them."""
        return sum(line.value_minor + line.compensated_minor for line in self.lines)

    @property
    def compensated_minor(self) -> int:
        """What a broken term has brought for them already."""
        return sum(line.compensated_minor for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the facts come to, with the reasons in the order in which they were found.

    With `ask` something is missing that a person can ask for. `may_go_alone` says that the policy
    lets it happen without a person.
    """

    verdict: Verdict
    kind: Kind
    needs_return: bool
    freight_by: FreightBy
    refund_minor: int
    freight_minor: int
    under_warranty: bool
    may_go_alone: bool
    reasons: tuple[str, ...]
    term_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was proposed and what was decided, with the facts as they were."""

    id: int
    case_id: int
    facts: Facts
    proposal: Proposal
    rules_version: int
    verdict: Literal["accept", "refuse"]
    overruled: tuple[str, ...]
    reason: str
    decided_by: str
    decided_at: datetime
