"""Statement files and their lines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, get_args

FileFormat = Literal["simulated", "alipay", "wechat_trade", "wechat_funds", "bank"]
FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)

LineKind = Literal[
    "payment",
    "refund",
    "fee",
    "transfer",
    "transfer_returned",
    "chargeback",
    "chargeback_returned",
    "adjustment",
    "other",
]
LINE_KINDS: tuple[LineKind, ...] = get_args(LineKind)

FileState = Literal["received", "reading", "read", "matched", "refused", "superseded"]
FILE_STATES: tuple[FileState, ...] = get_args(FileState)

LONGEST_REFERENCE = 128


class Row(NamedTuple):
    """One line of a statement, in minor units: `amount_minor` is what it did to the account.

    `fee_minor` is what the provider has kept of it (less than nothing where a fee came back);
    `moved_at` is the instant as the server reads it.
    """

    line: int
    kind: LineKind
    our_reference: str
    their_reference: str
    amount_minor: int
    fee_minor: int
    currency: str
    moved_at: str


@dataclass(frozen=True, slots=True)
class Totals:
    """What a file comes to, line by line."""

    lines: int
    amount_minor: int
    fee_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementFile:
    """What a provider says has moved at an account on a day, and how far we have come with it.

    `theirs_minor` is what its lines come to, fees taken off; `ours_minor` the movements of the
    books that stand against them, `booked_minor` what has been booked because of the file, and
    `differences_minor` what differs: nothing of it is without a reason, so they add up.
    """

    id: int
    account_code: str
    day: date
    format: FileFormat
    sha256: str
    state: FileState
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
    received_at: datetime
    matched_at: datetime | None
    superseded_by_id: int | None
    problem_line: int
    problem_column: str
    problem: str

    @property
    def unexplained_minor(self) -> int:
        """What no difference accounts for: nothing, by the table's own constraint."""
        return self.theirs_minor - self.ours_minor - self.booked_minor - self.differences_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """A line of a statement file, and what became of it."""

    id: int
    file_id: int
    line: int
    kind: LineKind
    our_reference: str
    their_reference: str
    amount_minor: int
    fee_minor: int
    currency: str
    moved_at: datetime
    movement_id: int | None
    stage: str
    difference_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconciledAccount:
    """An account of which statements come: in which format, since when, and where it pays out."""

    code: str
    format: FileFormat
    settles_to: str
    since: date
