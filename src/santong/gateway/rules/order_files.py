"""Reads files of orders: CSV with one row a line, or JSON Lines with one order a line."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from typing import cast

from santong.gateway.errors import FileUnreadable, RowProblem
from santong.gateway.rules.handed_in import read_order
from santong.gateway.rules.order_rows import Handed, Row, orders_of, problems_of_header
from santong.orders import public as orders


def read_csv(*, text: Iterable[str]) -> Iterator[Handed]:
    """Orders of a CSV file, one after the other. Raises FileUnreadable."""
    reader = csv.reader(text, strict=True)
    header: list[str] = []
    try:
        header = next(reader, header)
    except csv.Error:
        raise FileUnreadable(problem=RowProblem(line=1, column="", reason="not_csv")) from None
    names = [name.strip() for name in header]
    if problems := problems_of_header(names=names):
        raise FileUnreadable(problem=problems[0])
    yield from orders_of(rows=_rows(reader, names))


def read_json_lines(*, text: Iterable[str]) -> Iterator[Handed]:
    """Orders of a file with one JSON document a line; empty lines are passed over."""
    for line, document in enumerate(text, start=1):
        if document.strip():
            yield _handed(line, document)


def _rows(reader: Iterable[list[str]], names: list[str]) -> Iterator[Row]:
    """Rows with the line on which each begins: a quoted cell may go over several."""
    begins = _line_of(reader) + 1
    cells = iter(reader)
    while True:
        try:
            row = next(cells, None)
        except csv.Error:
            raise FileUnreadable(
                problem=RowProblem(line=begins, column="", reason="not_csv")
            ) from None
        if row is None:
            return
        if len(row) > len(names):
            raise FileUnreadable(
                problem=RowProblem(line=begins, column="", reason="more_cells_than_columns")
            )
        if any(cell.strip() for cell in row):
            yield Row(line=begins, cells=dict(zip(names, row, strict=False)))
        begins = _line_of(reader) + 1


def _line_of(reader: object) -> int:
    line: int = getattr(reader, "line_num", 0)
    return line


def _handed(line: int, document: str) -> Handed:
    try:
        parsed: object = json.loads(document)
    except (ValueError, RecursionError):
        return _refused(line, "", [RowProblem(line=line, column="", reason="not_json")])
    number = _number(parsed)
    try:
        return Handed(line=line, external_number=number, order=read_order(document=parsed))
    except orders.InvalidOrder as refused:
        return _refused(
            line,
            number,
            [
                RowProblem(line=line, column=problem.pointer, reason=problem.reason)
                for problem in refused.errors
            ],
        )


def _refused(line: int, number: str, problems: list[RowProblem]) -> Handed:
    return Handed(line=line, external_number=number, order=None, problems=tuple(problems))


def _number(document: object) -> str:
    if not isinstance(document, dict):
        return ""
    return str(cast("dict[str, object]", document).get("external_number", ""))
