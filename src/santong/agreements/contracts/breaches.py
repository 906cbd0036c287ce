"""A broken term, and what is done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from santong.agreements.contracts.terms import Bearer, Kind, Remedy

Outcome = Literal["open", "kept", "broken", "ended"]
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

# growing: late and not there yet. owed: goods are owed, or money waits to be paid.
BreachState = Literal[
    "claimed",
    "rejected",
    "growing",
    "owed",
    "paying",
    "failed",
    "nothing_left",
    "done",
    "withdrawn",
]
BREACH_STATES: Final[tuple[BreachState, ...]] = get_args(BreachState)

Finder = Literal["clock", "buyer", "staff"]
FINDERS: Final[tuple[Finder, ...]] = get_args(Finder)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedGoods:
    """So many of a SKU of the document: what is sent, or what a granted amount is for."""

    sku_code: str
    quantity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that goes back for a breach, along one document of payments."""

    id: int
    document: str
    amount_minor: int
    done_minor: int
    failed_minor: int
    refund_id: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A term that was not kept, or is said not to have been.

    `goods` are what it is about, as far as anybody has said: without, it is about the document.
    """

    id: int
    agreement_id: int
    document: str
    term_number: int
    kind: Kind
    occasion: int
    found_by: Finder
    state: BreachState
    remedy: Remedy
    currency: str
    amount_minor: int
    days_late: int
    broken_at: datetime
    decide_by: datetime | None
    decided_at: datetime | None
    decided_by: str
    reason: str
    answer: str
    bearer: Bearer
    bearer_code: str
    settle_at: datetime | None
    settled_at: datetime | None
    ended_at: datetime | None
    made_good_by: str
    why: str
    mended_at: datetime | None
    payments: tuple[Payment, ...] = ()
    goods: tuple[OwedGoods, ...] = ()

    @property
    def done_minor(self) -> int:
        """What has gone back so far."""
        return sum(each.done_minor for each in self.payments)

    @property
    def subject(self) -> str:
        """Its name for evidence."""
        return f"breach:{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensated:
    """What a breach has cost, or is about to: `reference` is its term, as `agreement:3/2`.

    What is `is_on_top` is paid beside whatever goes back for the goods.
    """

    breach_id: int
    reference: str
    remedy: Remedy
    amount_minor: int
    is_on_top: bool
    goods: tuple[OwedGoods, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAndBroken:
    """How often terms of a kind were kept and broken, and what the broken ones cost."""

    kind: Kind
    open: int
    kept: int
    broken: int
    paid_minor: int
    currency: str
