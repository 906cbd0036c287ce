"""How values reach the statements of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from santong.kernel.wire import Statement, array, texts

__all__ = ["Values", "array", "instants", "numbers", "run", "texts", "values_of"]

Values = Mapping[str, str | int | datetime | None]


def run(statement: Statement, values: Values) -> list[tuple[Any, ...]]:
    """Send a statement in the open transaction and give its rows."""
    return statement.rows(values_of(values))


def values_of(values: Values) -> dict[str, str | None]:
    """Values as the server reads them."""
    return {name: _text(value) for name, value in values.items()}


def numbers(values: Iterable[int | None]) -> str:
    """Whole numbers, some of them missing, as the server reads an array."""
    return "{" + ",".join(["NULL" if value is None else str(value) for value in values]) + "}"


def instants(values: Iterable[datetime | None]) -> str:
    """Instants, some of them missing, as the server reads an array."""
    # In a batch the same instant stands beside many.
    text_by_instant: dict[datetime | None, str | None] = {None: None}
    found: list[str | None] = []
    for value in values:
        if value not in text_by_instant:
            text_by_instant[value] = value.isoformat() if value is not None else None
        found.append(text_by_instant[value])
    return texts(found)


def _text(value: str | int | datetime | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)
