"""Files of suppliers' codes: read line by line, what is wrong told by line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from santong.benefits.contracts.supplies import CodeFile, CodeRow, Reject
from santong.benefits.errors import ImportRefused
from santong.benefits.rules.sheets import BEGINS, INEXACT, rows_of_sheet

MOST_ROWS = 1_000_000
MOST_REJECTS = 200
LONGEST_CODE = 200
COLUMNS = ("code", "expires_on")


def read_codes(content: bytes) -> CodeFile:
    """The codes of a CSV or XLSX file with a column `code`, and perhaps `expires_on` (2026-12-31).

    A code that stands twice in the file is told at its second place. Raises ImportRefused.
    """
    rows: Iterator[Sequence[str]] = (
        rows_of_sheet(content)
        if content.startswith(BEGINS)
        else csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    )
    try:
        header = [name.strip().lower() for name in next(rows, ())]
        if "code" not in header:
            raise ImportRefused(reason="no column is called code")
        return _read(rows, header=header)
    except csv.Error as failure:
        raise ImportRefused(reason=f"not CSV: {failure}") from None


def _text(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise ImportRefused(reason="neither UTF-8 nor GB 18030 text")


def _read(rows: Iterable[Sequence[str]], *, header: Sequence[str]) -> CodeFile:
    code_at = header.index("code")
    expires_at = header.index("expires_on") if "expires_on" in header else None
    found: list[CodeRow] = []
    rejects: list[Reject] = []
    line_by_code: dict[str, int] = {}
    for line, cells in enumerate(rows, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(found) >= MOST_ROWS:
            raise ImportRefused(reason=f"more than {MOST_ROWS} codes")
        code = _cell(cells, code_at)
        wrong = _wrong_code(code, line_by_code)
        if wrong:
            rejects.append(Reject(line=line, column=code_at + 1, reason=wrong))
            continue
        ends = (
            cells[expires_at].strip() if expires_at is not None and expires_at < len(cells) else ""
        )
        try:
            expires_on = _day(ends)
        except ValueError:
            assert expires_at is not None
            rejects.append(Reject(line=line, column=expires_at + 1, reason="not a date"))
            continue
        line_by_code[code] = line
        found.append(CodeRow(line=line, code=code, expires_on=expires_on))
    return CodeFile(rows=tuple(found), rejects=tuple(rejects))


def _day(text: str) -> date | None:
    """A day, as it is written. Raises ValueError."""
    return date.fromisoformat(text) if text else None


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place].strip() if place is not None and place < len(cells) else ""


def _wrong_code(code: str, line_by_code: dict[str, int]) -> str:
    if not code:
        return "is empty"
    if code == INEXACT:
        return "a number that the sheet has not kept exactly: write it as text"
    if len(code) > LONGEST_CODE:
        return f"longer than {LONGEST_CODE} characters"
    if code in line_by_code:
        return f"stands in line {line_by_code[code]} already"
    return ""
