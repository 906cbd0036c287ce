"""When two hand-ins under one number are the same order.

The payment is not part of it: it has a number of its own, and a channel sends an order again when
its buyer has paid.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, cast

from santong.orders.contracts import NewLine, NewOrder, Recipient

_HEAD = tuple(
    field.name
    for field in fields(NewOrder)
    if field.name not in {"lines", "recipient", "payment", "total_minor"}
)
_LINE = tuple(field.name for field in fields(NewLine) if field.name != "line_total_minor")
_RECIPIENT = tuple(field.name for field in fields(Recipient))


def canonical(new: NewOrder) -> str:
    """The content in one writing: equal texts, equal orders."""
    return json.dumps(_tree(new), ensure_ascii=False, separators=(",", ":"))


def differing(*, first: NewOrder, again: NewOrder) -> tuple[str, ...]:
    """JSON pointers to the fields that are not as they were the first time."""
    return tuple(_differences(_tree(first), _tree(again), ""))


def _tree(new: NewOrder) -> dict[str, Any]:
    return {
        **{name: _plain(getattr(new, name)) for name in _HEAD},
        "recipient": {name: getattr(new.recipient, name) for name in _RECIPIENT},
        "lines": [{name: getattr(line, name) for name in _LINE} for line in new.lines],
    }


def _plain(value: object) -> object:
    """One writing of an instant, and no difference between an empty text and none."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value or ("" if value is None else value)


def _differences(first: object, again: object, pointer: str) -> Iterator[str]:
    if isinstance(first, dict) and isinstance(again, dict):
        named, renamed = cast("dict[str, object]", first), cast("dict[str, object]", again)
        for name, value in named.items():
            yield from _differences(value, renamed[name], f"{pointer}/{name}")
    elif isinstance(first, list) and isinstance(again, list):
        lines, others = cast("list[object]", first), cast("list[object]", again)
        if len(lines) != len(others):
            yield pointer
            return
        for place, (line, other) in enumerate(zip(lines, others, strict=True)):
            yield from _differences(line, other, f"{pointer}/{place}")
    elif first != again:
        yield pointer
