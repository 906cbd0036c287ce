"""What an older CRM tells of how a member stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

MOST_POINTS: Final = 10**12
LONGEST_LEVEL: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The points and the level that a member has there; no level where none makes sense."""

    points: int
    level: str


def standing_told(*, document: Mapping[str, object]) -> Told | None:
    """The standing in the `member` of an answer; None where it tells no points."""
    member = document.get("member")
    if not isinstance(member, Mapping):
        return None
    told = cast("Mapping[str, object]", member)
    points = _points(told.get("point"))
    if points is None:
        return None
    level = told.get("level")
    text = str(level) if isinstance(level, str | int) and not isinstance(level, bool) else ""
    is_written = len(text) <= LONGEST_LEVEL and text.isprintable()
    return Told(points=points, level=text if is_written else "")


def _points(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and len(value) <= len(str(MOST_POINTS)):
        value = int(value) if value.removeprefix("-").isdigit() else None
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_POINTS:
        return None
    return value
