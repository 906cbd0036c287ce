"""A statement file from its bytes to matched, between transactions; broken off, it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from itertools import islice
from typing import IO

from santong.kernel import tenancy
from santong.reconciliation.contracts import FileFormat, Row, StatementFile, Totals
from santong.reconciliation.errors import FileUnreadable
from santong.reconciliation.rules.formats import check, read, split_lines
from santong.reconciliation.rules.packing import pack, unpack
from santong.reconciliation.selectors.files import file_by_id, part_of
from santong.reconciliation.services.match_file import match_file
from santong.reconciliation.services.read_lines import begin_reading, read_lines, refuse_file
from santong.reconciliation.services.receive_file import receive_file

LINES_AT_ONCE = 20_000
Tell = Callable[[str, int, int], None]


def _silent(_stage: str, _done: int, _of: int) -> None:
    """Nobody watches."""


def reconcile_file(
    *,
    merchant_id: int,
    account_code: str,
    day: date,
    source: IO[bytes],
    file_format: FileFormat | None = None,
    now: datetime,
    tell: Tell = _silent,
) -> StatementFile:
    """Keep a file, packed or not, read it and match it. No scope is open.

    The same file again goes on where it was broken off. A file that is not whole is refused, and
    nothing is taken of it. Raises FileTooLarge, FileUnreadable, MonthClosed, FieldInvalid, NoSuch.
    """
    packed = pack(source)
    with _scope(merchant_id):
        file = receive_file(
            merchant_id=merchant_id,
            account_code=account_code,
            day=day,
            file_format=file_format,
            packed=packed,
            now=now,
        )
    return work_on_file(merchant_id=merchant_id, file_id=file.id, now=now, tell=tell)


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
