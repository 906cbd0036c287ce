"""The lines of a file are taken in, some thousands at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.reconciliation.contracts import Row, Totals
from santong.reconciliation.errors import FileStatePassed, FileUnreadable
from santong.reconciliation.models import StatementFile

# PostgreSQL copies into no table with row-level security, so lines come by way of one without.
_STAGE = """
CREATE TEMPORARY TABLE IF NOT EXISTS incoming_line (
  line bigint, kind text, our_reference text, their_reference text, amount_minor bigint,
  fee_minor bigint, currency text, moved_at timestamptz
) ON COMMIT DELETE ROWS
"""
_TAKE = """
INSERT INTO reconciliation_statementline (merchant_id, file_id, line, kind, our_reference,
  their_reference, amount_minor, fee_minor, currency, moved_at)
SELECT %(merchant)s, %(file)s, line, kind, our_reference, their_reference, amount_minor, fee_minor,
  currency, moved_at
FROM incoming_line ORDER BY line
"""


@all_or_nothing
def begin_reading(*, merchant_id: int, file_id: int, totals: Totals) -> None:
    """Let a file that is whole be read; one that is read already stays as it is.

    Raises FileUnreadable where the same lines are there for another day, FileStatePassed, NoSuch.
    Locks the file.
    """
    row = locked(merchant_id, file_id)
    if row.state in {"reading", "read", "matched", "superseded"}:
        return
    if row.state != "received":
        raise FileStatePassed(file_id=file_id, state=row.state)
    _check_new(row, totals)
    row.state = "reading" if totals.lines else "read"
    row.lines = totals.lines
    row.fee_minor = totals.fee_minor
    row.save(update_fields=["state", "lines", "fee_minor"])


def _check_new(row: StatementFile, totals: Totals) -> None:
    """Days without a line may look the same; days with lines never do."""
    same = (
        StatementFile.objects.of_merchant(row.merchant_id)
        .filter(account_code=row.account_code, sha256=row.sha256)
        .exclude(day=row.day)
        .exclude(state="refused")
        .order_by("id")
        .first()
    )
    if totals.lines and same is not None and same.id < row.id:
        raise FileUnreadable(line=0, column="", reason=f"the same file is there for {same.day}")


@all_or_nothing
def refuse_file(*, merchant_id: int, file_id: int, problem: FileUnreadable, now: datetime) -> None:
    """Take nothing of a file that is not whole, and say why. Raises FileStatePassed, NoSuch.

    Locks the file.
    """
    row = locked(merchant_id, file_id)
    if row.state != "received":
        raise FileStatePassed(file_id=file_id, state=row.state)
    row.state = "refused"
    row.problem_line = problem.line
    row.problem_column = problem.column[:60]
    row.problem = problem.reason[:200]
    row.save(update_fields=["state", "problem_line", "problem_column", "problem"])
    audit.record(
        audit.Change(
            action="reconciliation.refuse_file",
            subject="statement_file",
            subject_id=row.id,
            reason="not whole",
            after={"line": problem.line, "column": problem.column, "problem": problem.reason},
        ),
        now=now,
    )


@all_or_nothing
def read_lines(*, merchant_id: int, file_id: int, after: int, rows: Sequence[Row]) -> int:
    """Take in the lines that follow the first `after`, and say how many there are now.

    Lines that somebody else has read meanwhile are not taken twice: nothing is then done.
    Raises FileStatePassed, NoSuch. Locks the file.
    """
    row = locked(merchant_id, file_id)
    if row.state not in {"reading", "read", "matched"}:
        raise FileStatePassed(file_id=file_id, state=row.state)
    if row.lines_read != after:
        return row.lines_read
    with connection.cursor() as cursor:
        cursor.execute(_STAGE)
        _copy(cursor, rows)
        cursor.execute(_TAKE, {"merchant": merchant_id, "file": file_id})
    row.lines_read += len(rows)
    if row.lines_read == row.lines:
        row.state = "read"
    row.save(update_fields=["state", "lines_read"])
    return row.lines_read


def _copy(cursor: Any, rows: Sequence[Row]) -> None:
    with cursor.copy("COPY incoming_line FROM STDIN") as copied:
        copied.write("".join(map(_copied, rows)).encode())


def _copied(row: Row) -> str:
    line, kind, ours, theirs, amount, fee, currency, moved_at = row
    if "\\" in ours or "\\" in theirs:
        ours, theirs = ours.replace("\\", "\\\\"), theirs.replace("\\", "\\\\")
    return f"{line}\t{kind}\t{ours}\t{theirs}\t{amount}\t{fee}\t{currency}\t{moved_at}\n"


def locked(merchant_id: int, file_id: int) -> StatementFile:
    """A file's row, locked. Raises NoSuch."""
    row = StatementFile.objects.of_merchant(merchant_id).filter(id=file_id).lock().first()
    if row is None:
        raise NoSuch(kind="statement_file", key=str(file_id))
    return row
