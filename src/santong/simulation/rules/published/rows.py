"""Rows of text into rows of meaning: what cannot be used is put aside with its reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import TypeVar

from santong.simulation.errors import ColumnsMissing
from santong.simulation.rules.published.fields import BadField
from santong.simulation.rules.published.file import File
from santong.simulation.rules.published.tally import Reason, Tally

Made = TypeVar("Made")
Row = tuple[str, ...]
Maker = Callable[[Row, int, Tally], Made]


def made_rows(
    lines: Iterable[str], *, file: File, name: str, make: Maker[Made], tally: Tally
) -> Iterator[Made]:
    """Every usable row of one file. Raises ColumnsMissing; what is not usable goes to the tally."""
    reader = csv.reader(lines)
    header = next(reader, list[str]())
    pick = _picker(header, file=file, name=name)
    width = len(header)
    for row in reader:
        if not row:
            continue
        tally.rows_by_file[file.table] += 1
        if len(row) != width:
            tally.put_aside(
                file=file.table, line=reader.line_num, field="", reason=Reason.WRONG_FIELD_COUNT
            )
            continue
        try:
            yield make(pick(row), reader.line_num, tally)
        except BadField as bad:
            tally.put_aside(
                file=file.table, line=reader.line_num, field=bad.field, reason=bad.reason
            )


def _picker(header: Sequence[str], *, file: File, name: str) -> Callable[[Sequence[str]], Row]:
    written = [file.also_written.get(column, column) for column in header]
    missing = tuple(column for column in file.columns if column not in written)
    if missing:
        raise ColumnsMissing(file=name, missing=missing)
    return itemgetter(*(written.index(column) for column in file.columns))
