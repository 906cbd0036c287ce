"""What reconciliation does by the clock, between transactions."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import islice

import structlog

from santong.kernel import cells, tenancy
from santong.kernel.errors import DomainError
from santong.kernel.jobs import periodic_in_cell
from santong.payments import public as payments
from santong.reconciliation.contracts import Row, StatementFile, Totals
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats import check, read, split_lines
from santong.reconciliation.rules.packing import pack, unpack
from santong.reconciliation.selectors.files import (
    days_to_fetch,
    file_by_id,
    part_of,
    unfinished_files,
)
from santong.reconciliation.services.match_file import BEIJING, match_file
from santong.reconciliation.services.read_lines import begin_reading, read_lines, refuse_file
from santong.reconciliation.services.receive_file import receive_file

log = structlog.get_logger(__name__)

LINES_AT_ONCE = 20_000
# By then providers have written the day before; WeChat Pay says from ten in the morning on.
WRITTEN_BY_HOUR = 10
Tell = Callable[[str, int, int], None]


def _silent(_stage: str, _done: int, _of: int) -> None:
    """Nobody watches."""


@periodic_in_cell(name="reconciliation.work_on_files", cron="* * * * *")
def work_on_files(*, cell: cells.Cell, now: datetime) -> None:
    """Read and match every file that has arrived, outside of any transaction but its own."""
    for entry in cells.merchants_of(cell):
        try:
            with _scope(entry.merchant_id):
                waiting = unfinished_files(merchant_id=entry.merchant_id)
            for file_id in waiting:
                work_on_file(merchant_id=entry.merchant_id, file_id=file_id, now=now)
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("statement_not_reconciled", merchant_id=entry.merchant_id)


@periodic_in_cell(name="reconciliation.fetch_statements", cron="20 * * * *")
def fetch_statements(*, cell: cells.Cell, now: datetime) -> None:
    """Fetch what providers have written of the days before, once it may be there."""
    for entry in cells.merchants_of(cell):
        try:
            fetch_for_merchant(merchant_id=entry.merchant_id, now=now)
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("statements_not_fetched", merchant_id=entry.merchant_id)


def fetch_for_merchant(*, merchant_id: int, now: datetime) -> int:
    """Fetch one merchant's statements that are due and not here; say how many came."""
    there = now.astimezone(BEIJING)
    if there.hour < WRITTEN_BY_HOUR:
        return 0
    with _scope(merchant_id):
        due = days_to_fetch(merchant_id=merchant_id, today=there.date())
    fetched = 0
    for account_code, day in due:
        try:
            content = payments.fetch_statement(
                merchant_id=merchant_id, account_code=account_code, day=day
            )
            if content is None:
                continue
            packed = pack(io.BytesIO(content))
            with _scope(merchant_id):
                receive_file(
                    merchant_id=merchant_id,
                    account_code=account_code,
                    day=day,
                    file_format=None,
                    packed=packed,
                    now=now,
                )
        except (payments.Unreachable, payments.Refused, DomainError) as failure:
            # Tomorrow's run asks for it again, and the month does not close without it.
            log.warning(
                "statement_not_fetched",
                merchant_id=merchant_id,
                account=account_code,
                day=str(day),
                why=type(failure).__name__,
            )
            continue
        fetched += 1
    return fetched


def work_on_file(
    *, merchant_id: int, file_id: int, now: datetime, tell: Tell = _silent
) -> StatementFile:
    """Check a file, take in its lines some thousands at a time, and match it.

    Broken off anywhere, it goes on there when it is called again. A file that is not whole is
    refused, and nothing is taken of it. `tell` hears how far each stage has come.
    """
    with _scope(merchant_id):
        file = file_by_id(merchant_id=merchant_id, file_id=file_id)
    if file.state == "received":
        try:
            totals = _check(file, merchant_id=merchant_id, tell=tell)
            with _scope(merchant_id):
                begin_reading(merchant_id=merchant_id, file_id=file_id, totals=totals)
        except FileUnreadable as problem:
            with _scope(merchant_id):
                refuse_file(merchant_id=merchant_id, file_id=file_id, problem=problem, now=now)
    with _scope(merchant_id):
        file = file_by_id(merchant_id=merchant_id, file_id=file_id)
    if file.state == "reading":
        file = _take_in(file, merchant_id=merchant_id, tell=tell)
    if file.state in {"read", "matched"}:
        with _scope(merchant_id):
            file = match_file(
                merchant_id=merchant_id,
                file_id=file_id,
                now=now,
                tell=lambda stage: tell(f"matching: {stage}", 1, 1),
            )
    return file


def _check(file: StatementFile, *, merchant_id: int, tell: Tell) -> Totals:
    return check(
        split_lines(_pieces(file, merchant_id=merchant_id, stage="checking", tell=tell)),
        file_format=file.format,
        day=file.day,
        currency=file.currency,
    )


def _take_in(file: StatementFile, *, merchant_id: int, tell: Tell) -> StatementFile:
    """Go on after the last line that is there. Whoever finds somebody else ahead lets them."""
    rows = read(
        split_lines(_pieces(file, merchant_id=merchant_id, stage="", tell=_silent)),
        file_format=file.format,
        day=file.day,
        currency=file.currency,
    )
    done = file.lines_read
    for _ in islice(rows, done):
        pass
    while chunk := _next(rows):
        with _scope(merchant_id):
            now_read = read_lines(merchant_id=merchant_id, file_id=file.id, after=done, rows=chunk)
        done += len(chunk)
        tell("reading", done, file.lines)
        if now_read != done:
            break
    with _scope(merchant_id):
        return file_by_id(merchant_id=merchant_id, file_id=file.id)


def _next(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, LINES_AT_ONCE))


def _pieces(file: StatementFile, *, merchant_id: int, stage: str, tell: Tell) -> Iterator[bytes]:
    """A file's pieces, each fetched in a transaction of its own."""
    number = done = 0
    while True:
        with _scope(merchant_id):
            part = part_of(merchant_id=merchant_id, file_id=file.id, number=number)
        if part is None:
            return
        for piece in unpack([part]):
            done += len(piece)
            yield piece
        number += 1
        tell(stage, done, file.bytes)


def _scope(merchant_id: int) -> AbstractContextManager[tenancy.Scope]:
    return tenancy.scope(merchant_id=merchant_id, request_id="job:reconciliation")
