"""What differs between the provider's side and ours, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

Category = Literal[
    # between a statement and the books
    "missing_at_provider",
    "missing_in_books",
    "amount_differs",
    "rounding",
    "fee_differs",
    "currency_differs",
    "duplicate_at_provider",
    "duplicate_here",
    "day_border",
    "refund_state_differs",
    "status_differs",
    "late_payment",
    "dispute",
    "payout_returned",
    "unknown_kind",
    # between what a document owes and what was paid for it
    "nothing_sold",
    "not_paid",
    "paid_more",
    "paid_less",
    "document_rounding",
]
CATEGORIES: tuple[Category, ...] = get_args(Category)

DifferenceState = Literal[
    "open",
    "waiting",
    "explained",
    "proposed",
    "corrected",
    "written_off",
    "matched",
    "superseded",
]
DIFFERENCE_STATES: tuple[DifferenceState, ...] = get_args(DifferenceState)
# Those that still differ: what was matched later, or stood in a file that was replaced, does not.
LIVE: tuple[DifferenceState, ...] = (
    "open",
    "waiting",
    "explained",
    "proposed",
    "corrected",
    "written_off",
)
# Those on which somebody has still to say something.
TAKEN_UP: tuple[DifferenceState, ...] = ("open", "waiting", "proposed")

# What can be done about a difference.
Offer = Literal["explain", "correct", "write_off", "wait", "refund_at_provider", "ask_provider"]
OFFERS: Mapping[Category, tuple[Offer, ...]] = {
    "missing_at_provider": ("ask_provider", "wait", "explain", "correct", "write_off"),
    "missing_in_books": ("correct", "refund_at_provider", "explain", "write_off"),
    "amount_differs": ("correct", "ask_provider", "explain", "write_off"),
    "rounding": ("correct", "write_off", "explain"),
    "fee_differs": ("ask_provider", "correct", "explain", "write_off"),
    "currency_differs": ("ask_provider", "explain"),
    "duplicate_at_provider": ("refund_at_provider", "ask_provider", "correct", "explain"),
    "duplicate_here": ("correct", "explain"),
    "day_border": ("wait", "explain"),
    "refund_state_differs": ("wait", "ask_provider", "explain", "correct"),
    "status_differs": ("wait", "ask_provider", "correct", "explain"),
    "late_payment": ("refund_at_provider", "correct", "explain"),
    "dispute": ("explain", "correct"),
    "payout_returned": ("correct", "explain"),
    "unknown_kind": ("explain", "correct", "ask_provider"),
    "nothing_sold": ("explain",),
    "not_paid": ("explain",),
    "paid_more": ("explain",),
    "paid_less": ("explain",),
    "document_rounding": ("explain",),
}
Step = Literal["claim", "explain", "wait", "correct", "write_off", "approve", "reject"]
STEPS: tuple[Step, ...] = get_args(Step)

LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that is not the same on both sides, with what is known about why."""

    id: int
    category: Category
    state: DifferenceState
    account_code: str
    day: date
    file_id: int | None
    line_id: int | None
    movement_id: int | None
    document: str
    reference: str
    their_reference: str
    currency: str
    theirs_minor: int
    ours_minor: int
    explanation: Mapping[str, str | int]
    owner: str
    due_on: date | None
    note: str
    proposed_by: str
    booked_minor: int
    found_at: datetime
    changed_at: datetime

    @property
    def difference_minor(self) -> int:
        """What they have more than we."""
        return self.theirs_minor - self.ours_minor


@dataclass(frozen=True, slots=True)
class Counted:
    """So many differences of a category and state, with what they come to."""

    category: Category
    state: DifferenceState
    currency: str
    count: int
    difference_minor: int
    oldest_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfAccount:
    """An account's day: how much of it matched."""

    account_code: str
    day: date
    file_id: int | None
    state: str
    lines: int
    matched: int
    differences: int
    open: int
    differences_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class CategoryOfDay:
    """So many differ in one way on a day."""

    day: date
    category: Category
    count: int
