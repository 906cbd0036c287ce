"""The holidays of a year as somebody sends them: a small CSV, with mistakes that name their line.

Columns `date`, `kind` (holiday or makeup) and, if one likes, `name`; in any order, by a first line
that names them. Chinese names are understood as well.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from santong.clocks.contracts import (
    LONGEST_NAME,
    MOST_DAYS_OF_A_YEAR,
    DayKind,
    DifferentDay,
)
from santong.clocks.errors import YearRefused

MOST_MISTAKES: Final = 50
LONGEST_FILE: Final = 100_000
_SATURDAY: Final = 5
_COLUMNS: Final[Mapping[str, str]] = {
    "date": "date",
    "日期": "date",
    "kind": "kind",
    "类型": "kind",
    "name": "name",
    "名称": "name",
    "节日": "name",
}
_KINDS: Final[Mapping[str, DayKind]] = {
    "holiday": "holiday",
    "节假日": "holiday",
    "休": "holiday",
    "makeup": "makeup",
    "调休上班": "makeup",
    "调休": "makeup",
    "班": "makeup",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What is wrong with a line: a stable word, and what stood there."""

    line: int
    why: str
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChange:
    """How a day would be told anew; nothing: as its weekday says."""

    on: date
    before: DifferentDay | None
    after: DifferentDay | None


def text_of(*, content: bytes) -> str:
    """A file as text: UTF-8, or what spreadsheets write in China; what is neither is replaced."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030", errors="replace")


def read_year(text: str, *, year: int) -> tuple[tuple[DifferentDay, ...], list[Mistake]]:
    """The days of a file in order, and everything that is wrong with its lines."""
    if len(text) > LONGEST_FILE:
        return (), [Mistake(line=1, why="too_long")]
    lines = list(csv.reader(text.splitlines()))
    columns = [_COLUMNS.get(cell.strip().lower(), "") for cell in lines[0]] if lines else []
    if "date" not in columns or "kind" not in columns:
        return (), [Mistake(line=1, why="columns", said=",".join(lines[0])[:80] if lines else "")]
    found: dict[date, DifferentDay] = {}
    mistakes: list[Mistake] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
        day = _day(row)
        wrong = next(_wrong(row, day, found, year=year), None)
        if wrong is not None:
            mistakes.append(Mistake(line=number, why=wrong[0], said=wrong[1][:80]))
        elif day is not None:
            found[day.on] = day
    if not found and not mistakes:
        mistakes.append(Mistake(line=1, why="empty"))
    if len(found) > MOST_DAYS_OF_A_YEAR:
        mistakes.append(Mistake(line=len(lines), why="too_long"))
    return tuple(found[on] for on in sorted(found)), mistakes[:MOST_MISTAKES]


def days_or_refused(*, text: str, year: int) -> tuple[DifferentDay, ...]:
    """The days of a file. Raises YearRefused with every mistake by its line."""
    days, mistakes = read_year(text, year=year)
    if mistakes:
        raise YearRefused(
            mistakes=[{"line": each.line, "why": each.why, "said": each.said} for each in mistakes]
        )
    return days


def written_year(*, days: Sequence[DifferentDay]) -> str:
    """Days as such a file."""
    lines = ["date,kind,name", *(f"{day.on},{day.kind},{day.name}" for day in days)]
    return "\n".join(lines) + "\n"


def changes(before: Sequence[DifferentDay], after: Sequence[DifferentDay]) -> list[DayChange]:
    """Days that would be told otherwise, in order."""
    was = {day.on: day for day in before}
    becomes = {day.on: day for day in after}
    return [
        DayChange(on=on, before=was.get(on), after=becomes.get(on))
        for on in sorted(was.keys() | becomes.keys())
        if was.get(on) != becomes.get(on)
    ]


def _day(row: Mapping[str, str]) -> DifferentDay | None:
    kind = _KINDS.get(row.get("kind", "").lower())
    try:
        on = date.fromisoformat(row.get("date", "").replace("/", "-").replace(".", "-"))
    except ValueError:
        return None
    return None if kind is None else DifferentDay(on=on, kind=kind, name=row.get("name", ""))


def _wrong(
    row: Mapping[str, str],
    day: DifferentDay | None,
    known: Mapping[date, DifferentDay],
    *,
    year: int,
) -> Iterator[tuple[str, str]]:
    if day is None:
        is_kind = row.get("kind", "").lower() in _KINDS
        yield ("date", row.get("date", "")) if is_kind else ("kind", row.get("kind", ""))
        return
    if day.on.year != year:
        yield "other_year", str(day.on)
    if day.on in known:
        yield "twice", str(day.on)
    if day.kind == "makeup" and day.on.weekday() < _SATURDAY:
        yield "makeup_in_the_week", str(day.on)
    if len(day.name) > LONGEST_NAME or not day.name.isprintable():
        yield "name", day.name
