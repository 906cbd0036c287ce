"""Orders as rows of a table: one row a line, the rows of an order next to each other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from santong.gateway.errors import RowProblem
from santong.orders import public as orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table and the line of the file on which it begins."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What some lines of a file hand in: an order, or what is wrong with them."""

    line: int
    external_number: str
    order: orders.NewOrder | None
    problems: tuple[RowProblem, ...] = ()
    place_of_pointer: Mapping[str, tuple[int, str]] | None = None

    def located(self, problems: Iterable[orders.Problem]) -> tuple[RowProblem, ...]:
        """Where in the file the fields stand that the order's rules complain about."""
        places = self.place_of_pointer or {}
        return tuple(
            RowProblem(line=line, column=column, reason=problem.reason)
            for problem in problems
            for line, column in [places.get(problem.pointer, (self.line, problem.pointer))]
        )


_WHOLE = re.compile(r"-?[0-9]{1,18}")


class _Unreadable(ValueError):
    """A cell does not hold what its column asks for."""


def _text(cell: str) -> str:
    return cell


def _whole(cell: str) -> int:
    if not _WHOLE.fullmatch(cell):
        raise _Unreadable("not_whole")
    return int(cell)


def _degrees(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise _Unreadable("not_a_number") from None


def _instant(cell: str) -> datetime:
    try:
        instant = datetime.fromisoformat(cell)
    except ValueError:
        raise _Unreadable("not_an_instant") from None
    if instant.tzinfo is None:
        raise _Unreadable("no_offset")
    return instant


@dataclass(frozen=True, slots=True)
class _Column:
    """What a column is called, which field of the order it fills, and how it is read."""

    name: str
    field: str
    read: Callable[[str], Any] = _text
    is_needed: bool = False


_ORDER = (
    _Column("storefront", "storefront_code", is_needed=True),
    _Column("external_number", "external_number", is_needed=True),
    _Column("placed_at", "placed_at", _instant, is_needed=True),
    _Column("currency", "currency", is_needed=True),
    _Column("mode", "mode"),
    _Column("pickup_location", "pickup_location_code"),
    _Column("seller_location", "seller_location_code"),
    _Column("guide", "guide_code"),
    _Column("member_reference", "member_reference"),
    _Column("buyer_note", "buyer_note"),
    _Column("freight_minor", "freight_minor", _whole),
    _Column("order_discount_minor", "discount_minor", _whole),
    _Column("order_total_minor", "total_minor", _whole),
)
_RECIPIENT = (
    _Column("name", "name"),
    _Column("phone", "phone"),
    _Column("country", "country"),
    _Column("province", "province"),
    _Column("city", "city"),
    _Column("district", "district"),
    _Column("address", "address"),
    _Column("postcode", "postcode"),
    _Column("latitude", "latitude", _degrees),
    _Column("longitude", "longitude", _degrees),
)
_PAYMENT = (
    _Column("payment_id", "external_id"),
    _Column("payment_provider", "provider"),
    _Column("payment_minor", "amount_minor", _whole),
    _Column("paid_at", "paid_at", _instant),
)
_LINE = (
    _Column("sku", "sku_code", is_needed=True),
    _Column("quantity", "quantity", _whole, is_needed=True),
    _Column("unit_price_minor", "unit_price_minor", _whole, is_needed=True),
    _Column("discount_minor", "discount_minor", _whole),
    _Column("line_total_minor", "line_total_minor", _whole),
)
_HEAD = (*_ORDER, *_RECIPIENT, *_PAYMENT)

COLUMNS: tuple[str, ...] = tuple(column.name for column in (*_HEAD, *_LINE))
NEEDED: tuple[str, ...] = tuple(column.name for column in (*_HEAD, *_LINE) if column.is_needed)


def problems_of_header(*, names: Iterable[str]) -> tuple[RowProblem, ...]:
    """Columns that are missing, unknown or there twice."""
    found = list(names)
    return (
        *(
            RowProblem(line=1, column=name, reason="missing")
            for name in NEEDED
            if name not in found
        ),
        *(
            RowProblem(line=1, column=name, reason="unknown_column")
            for name in dict.fromkeys(found)
            if name not in COLUMNS
        ),
        *(
            RowProblem(line=1, column=name, reason="there_twice")
            for name in dict.fromkeys(found)
            if found.count(name) > 1
        ),
    )


def orders_of(*, rows: Iterable[Row]) -> Iterator[Handed]:
    """Orders, one after the other, without ever holding more than one."""
    for (_, number), group in groupby(rows, key=_name):
        yield _order_of(number, list(group))


def _name(row: Row) -> tuple[str, str]:
    return row.cells.get("storefront", ""), row.cells.get("external_number", "")


def _order_of(number: str, rows: list[Row]) -> Handed:
    first = rows[0]
    problems = list(_differing_heads(rows))
    head = _read(first, _ORDER, problems)
    recipient = _read(first, _RECIPIENT, problems)
    payment = _read(first, _PAYMENT, problems)
    lines = [_read(row, _LINE, problems) for row in rows]
    if payment and "paid_at" not in payment:
        problems.append(RowProblem(line=first.line, column="paid_at", reason="missing"))
    if payment and "amount_minor" not in payment:
        problems.append(RowProblem(line=first.line, column="payment_minor", reason="missing"))
    if problems:
        return Handed(line=first.line, external_number=number, order=None, problems=tuple(problems))
    if payment:
        values: dict[str, Any] = {"external_id": "", "currency": head["currency"], **payment}
        head["payment"] = orders.NewPayment(**values)
    return Handed(
        line=first.line,
        external_number=number,
        order=orders.NewOrder(
            **head,
            recipient=orders.Recipient(**recipient),
            lines=tuple(orders.NewLine(**line) for line in lines),
        ),
        place_of_pointer=_places(rows),
    )


def _read(row: Row, columns: Iterable[_Column], problems: list[RowProblem]) -> dict[str, Any]:
    """The fields that a row fills; an empty cell fills none."""
    values: dict[str, Any] = {}
    for column in columns:
        cell = row.cells.get(column.name, "").strip()
        if not cell:
            if column.is_needed:
                problems.append(RowProblem(line=row.line, column=column.name, reason="missing"))
            continue
        try:
            values[column.field] = column.read(cell)
        except _Unreadable as unreadable:
            problems.append(RowProblem(line=row.line, column=column.name, reason=str(unreadable)))
    return values


def _differing_heads(rows: list[Row]) -> Iterator[RowProblem]:
    """Rows after the first repeat what is said of the order, or leave it empty."""
    first = rows[0].cells
    for row in rows[1:]:
        for column in _HEAD:
            cell = row.cells.get(column.name, "")
            if cell and cell != first.get(column.name, ""):
                yield RowProblem(line=row.line, column=column.name, reason="differs_from_first_row")


def _places(rows: list[Row]) -> dict[str, tuple[int, str]]:
    """Line and column of every field of the order."""
    first = rows[0].line
    return {
        **{f"/{column.field}": (first, column.name) for column in _ORDER},
        **{f"/recipient/{column.field}": (first, column.name) for column in _RECIPIENT},
        **{f"/payment/{column.field}": (first, column.name) for column in _PAYMENT},
        **{
            f"/lines/{place}/{column.field}": (row.line, column.name)
            for place, row in enumerate(rows)
            for column in _LINE
        },
    }
