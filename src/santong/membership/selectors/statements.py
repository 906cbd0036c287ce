"""How values reach the statements of this context."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from santong.kernel.wire import Statement, array, octets, texts

__all__ = ["Values", "array", "octets", "run", "texts"]

Values = Mapping[str, str | int | datetime | None]


def run(statement: Statement, values: Values) -> list[tuple[Any, ...]]:
    """Send a statement in the open transaction and give its rows."""
    return statement.rows(as_sent(values))


def as_sent(values: Values) -> dict[str, str | None]:
    """Values as the server reads them."""
    return {name: _text(value) for name, value in values.items()}


def _text(value: str | int | datetime | None) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)
