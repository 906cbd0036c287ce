"""Rules of sharing that are not in force yet, and what they would change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from santong.settlement.contracts.terms import Due, OwnerTerms, Rule, SharingTerms

# A draft waits, until another person publishes or declines it, or its drafter withdraws it.
DraftState = Literal["draft", "published", "withdrawn", "declined"]
DRAFT_STATES: tuple[DraftState, ...] = get_args(DraftState)

ChangeKind = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """The next version of the rules, as one person proposes it.

    It was made from version `base_version` (0: there was none); `newest_version` is the newest one
    now. `revision` counts how often it was changed: what is published is what was looked at.
    """

    id: int
    state: DraftState
    revision: int
    base_version: int
    newest_version: int
    terms: SharingTerms
    reason: str
    valid_from: datetime | None
    drafted_by: str
    drafted_at: datetime
    changed_at: datetime
    ended_by: str
    ended_at: datetime | None
    ended_why: str
    rule_set_id: int | None

    @property
    def is_outdated(self) -> bool:
        """Whether rules were published since it was made: then it has to be taken up anew."""
        return self.state == "draft" and self.base_version != self.newest_version


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePolicy:
    """How many people publish rules: two, unless head office lets one do it alone."""

    may_publish_alone: bool
    reason: str
    changed_by: str
    changed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One rule of one version against the other's; `fields` names what differs in it."""

    kind: ChangeKind
    before: Rule | None
    after: Rule | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnersChange:
    """Terms between the same two owners in one version against the other's."""

    kind: ChangeKind
    before: OwnerTerms | None
    after: OwnerTerms | None
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsChange:
    """All that differs between two versions; `rest_due` holds both where it does."""

    rules: tuple[RuleChange, ...] = ()
    owners: tuple[OwnersChange, ...] = ()
    rest_due: tuple[Due, Due] | None = None
    is_reordered: bool = False

    @property
    def is_nothing(self) -> bool:
        return not (self.rules or self.owners or self.rest_due or self.is_reordered)

    @property
    def count(self) -> int:
        """How many things differ."""
        return len(self.rules) + len(self.owners) + bool(self.rest_due) + self.is_reordered


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySums:
    """What a party gets of many sales by the rules that hold, and by others."""

    party_code: str
    currency: str
    before_minor: int
    after_minor: int

    @property
    def more_minor(self) -> int:
        return self.after_minor - self.before_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedSale:
    """One of the sales whose shares would move most."""

    document: str
    order_id: int | None
    paid_at: datetime
    paid_minor: int
    currency: str
    parties: tuple[PartySums, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """The newest sales, shared by two sets of terms: how many, since when, who gets what."""

    sales: int
    moved: int
    since: datetime | None
    parties: tuple[PartySums, ...]
    samples: tuple[ComparedSale, ...]
