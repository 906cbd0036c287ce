"""A file with members of another system, in parts of some thousands of rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from santong.membership.contracts import ImportProblem, ImportRow
from santong.membership.rules.import_rows import read_row, unknown_columns

TWICE = "stands in the file before"


class FileUnreadable(Exception):
    """The file as a whole makes no sense."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Part:
    """Rows that can be taken in, and what is wrong with the others, from one line on."""

    first_line: int
    rows: list[ImportRow] = field(default_factory=list[ImportRow])
    problems: list[ImportProblem] = field(default_factory=list[ImportProblem])


@dataclass(slots=True)
class _Seen:
    """What stood in the file before; numbers as hashes, for a million of them take space."""

    phones: set[int] = field(default_factory=set[int])
    cards: set[int] = field(default_factory=set[int])


def parts(lines: Iterable[str], *, at_once: int, zone: tzinfo, now: datetime) -> Iterator[Part]:
    """The file part by part, each ending after so many lines. Raises FileUnreadable."""
    reader = csv.DictReader(lines, strict=True)
    unknown, missing = unknown_columns(list(reader.fieldnames or []))
    if unknown or missing:
        what = [*(f"unknown column {name!r}" for name in unknown)]
        raise FileUnreadable(", ".join([*what, *(f"no column {name!r}" for name in missing)]))
    seen, part, count = _Seen(), None, 0
    try:
        for cells in reader:
            part = part or Part(reader.line_num)
            count += 1
            _add(part, cells, line=reader.line_num, seen=seen, zone=zone, now=now)
            if count % at_once == 0:
                yield part
                part = None
    except csv.Error as failure:
        raise FileUnreadable(f"line {reader.line_num}: {failure}") from None
    if part:
        yield part


def _add(
    part: Part,
    cells: Mapping[str | None, object],
    *,
    line: int,
    seen: _Seen,
    zone: tzinfo,
    now: datetime,
) -> None:
    if None in cells or any(value is None for value in cells.values()):
        part.problems.append(ImportProblem(line=line, column="", reason="as many cells as columns"))
        return
    named = {str(name).strip(): str(value) for name, value in cells.items()}
    row, problems = read_row(named, line=line, zone=zone, now=now)
    part.problems.extend(problems)
    if row is None:
        return
    twice = [
        ImportProblem(line=line, column=column, reason=TWICE)
        for column, value, before in (
            ("phone", row.phone, seen.phones),
            ("card_number", row.card_number, seen.cards),
        )
        if value and hash(value) in before
    ]
    if twice:
        part.problems.extend(twice)
        return
    seen.phones.add(hash(row.phone))
    if row.card_number:
        seen.cards.add(hash(row.card_number))
    part.rows.append(row)
