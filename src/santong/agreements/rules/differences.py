"""What differs between two JSON values, field by field."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeGuard, cast

Json = Mapping[str, Any]


class Changed(NamedTuple):
    """One place that is not the same in both. An empty text stands for nothing there."""

    pointer: str
    before: str
    after: str


def differences(before: Any, after: Any, *, at: str = "") -> list[Changed]:
    """Every place in which two JSON values differ, in order, by JSON pointer."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return _of_objects(cast("Json", before), cast("Json", after), at)
    if _is_list(before) and _is_list(after):
        return _of_lists(before, after, at)
    if before == after and type(cast("object", before)) is type(cast("object", after)):
        return []
    return [Changed(at, _shown(before), _shown(after))]


def _of_objects(before: Mapping[str, Any], after: Mapping[str, Any], at: str) -> list[Changed]:
    names = [*before, *(name for name in after if name not in before)]
    return [
        each
        for name in names
        for each in differences(before.get(name), after.get(name), at=f"{at}/{name}")
    ]


def _of_lists(before: Sequence[Any], after: Sequence[Any], at: str) -> list[Changed]:
    longest = max(len(before), len(after))
    padded = [[*each, *[None] * (longest - len(each))] for each in (before, after)]
    return [
        each
        for place, (one, other) in enumerate(zip(*padded, strict=True))
        for each in differences(one, other, at=f"{at}/{place}")
    ]


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)
