"""What is said of reconciliation over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from santong.reconciliation import contracts


class StatementFileOut(Schema):
    """A provider's statement of a day, and how far it has come."""

    id: str
    account_code: str
    day: date
    format: contracts.FileFormat
    sha256: str
    state: contracts.FileState
    currency: str
    bytes: int
    lines: int
    lines_read: int
    fee_minor: int
    matched: int
    differences: int
    theirs_minor: int
    ours_minor: int
    booked_minor: int
    differences_minor: int
    unexplained_minor: int
    received_at: datetime
    matched_at: datetime | None
    superseded_by_id: str | None
    problem_line: int
    problem_column: str
    problem: str


class ProviderLineOut(Schema):
    """A line, and what became of it."""

    id: str
    line: int
    kind: contracts.LineKind
    our_reference: str
    their_reference: str
    amount_minor: int
    fee_minor: int
    currency: str
    moved_at: datetime
    movement_id: str | None
    stage: str
    difference_id: str | None


class DifferenceOut(Schema):
    """Something that is not the same on both sides."""

    id: str
    category: contracts.Category
    state: contracts.DifferenceState
    account_code: str
    day: date
    file_id: str | None
    line_id: str | None
    movement_id: str | None
    document: str
    reference: str
    their_reference: str
    currency: str
    theirs_minor: int
    ours_minor: int
    difference_minor: int
    explanation: dict[str, str | int]
    offers: list[contracts.Offer]
    owner: str
    due_on: date | None
    note: str
    proposed_by: str
    booked_minor: int
    found_at: datetime
    changed_at: datetime


class CountedOut(Schema):
    """So many differences of a category and state."""

    category: contracts.Category
    state: contracts.DifferenceState
    currency: str
    count: int
    difference_minor: int
    oldest_on: date


class DifferencesSummaryOut(Schema):
    """What differs in all, how old what is open is, and what nothing accounts for: nothing."""

    counted: list[CountedOut]
    open_by_age_days: dict[str, int]
    unexplained_minor_by_account: dict[str, int]


class DayOfAccountOut(Schema):
    """An account's day."""

    account_code: str
    day: date
    file_id: str | None
    state: str
    lines: int
    matched: int
    differences: int
    open: int
    differences_minor: int
    currency: str


class DaysOut(Schema):
    """Days of accounts."""

    items: list[DayOfAccountOut]


class MonthBalanceOut(Schema):
    """A row of a trial balance."""

    asset: str
    kind: str
    group: str
    opening_minor: int
    debit_minor: int
    credit_minor: int
    closing_minor: int


class TrialBalanceOut(Schema):
    """A month's trial balance."""

    month: date
    is_closed: bool
    is_balanced: bool
    rows: list[MonthBalanceOut]


class MonthCloseOut(Schema):
    """A month that was closed."""

    id: str
    month: date
    version: int
    state: str
    closed_at: datetime
    closed_by: str
    reopened_at: datetime | None
    reopened_by: str
    reason: str
    differences: int
    differences_minor: int


def written(row: Any, shape: type[Schema]) -> dict[str, Any]:
    """A contract as its shape says, ids as text."""
    return {
        name: _text(name, getattr(row, name))
        for name in shape.model_fields
        if name not in {"offers", "explanation"}
    }


def difference(row: contracts.Difference) -> dict[str, Any]:
    """A difference with what can be done about it."""
    return {
        **written(row, DifferenceOut),
        "explanation": dict(row.explanation),
        "offers": list(contracts.OFFERS[row.category]),
    }


def _text(name: str, value: Any) -> Any:
    is_id = name == "id" or name.endswith("_id")
    return str(value) if is_id and value is not None else value
