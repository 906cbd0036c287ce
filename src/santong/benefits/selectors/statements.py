"""How values reach the statements of this context, and how moments come back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.kernel import tenancy
from santong.kernel.wire import Statement, array, texts

__all__ = [
    "MICROSECONDS",
    "Values",
    "array",
    "moment",
    "octet_arrays",
    "run",
    "signature",
    "texts",
    "written",
]

Value = str | int | datetime | None
Values = Mapping[str, Value]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A moment as the server gives it: whole microseconds since 1970.
MICROSECONDS = "(extract(epoch FROM {}) * 1000000)::bigint"


def run(statement: Statement, values: Values) -> list[tuple[Any, ...]]:
    """Send a statement in the open transaction and give its rows."""
    return statement.rows(written(values))


def written(values: Values) -> dict[str, str | None]:
    """Values as the server reads them."""
    return {name: _text(value) for name, value in values.items()}


def signature() -> str:
    """Who acts, as rows name them."""
    actor = tenancy.current().actor
    return f"{actor.kind}:{actor.id}"


def moment(microseconds: int | None) -> datetime | None:
    """A moment that the server gave as microseconds since 1970."""
    if microseconds is None:
        return None
    return _EPOCH + timedelta(microseconds=microseconds)


def octet_arrays(values: Iterable[bytes]) -> str:
    """Bytes as the server reads an array of them."""
    return "{" + ",".join([f'"\\\\x{value.hex()}"' for value in values]) + "}"


def _text(value: Value) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value).lower() if isinstance(value, bool) else str(value)
