"""Reading what a provider said: a document of which nothing is certain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Final, cast

Said = Mapping[str, object]

CHINA: Final = timezone(timedelta(hours=8))


def document_of(*, text: str) -> Said:
    """A JSON object; numbers with a point stay as they are written. Raises ValueError."""
    try:
        found: object = json.loads(text, parse_float=str, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("too deep") from None
    if isinstance(found, dict):
        return cast("Said", found)
    raise ValueError("no object")


def word(said: Said, name: str) -> str:
    """A text or whole number under a name, as text; empty where nothing can be written down."""
    found = said.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found.isprintable() else ""


def whole(said: Said, name: str) -> int:
    """A whole number under a name. Raises ValueError where there is none."""
    found = said.get(name)
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    raise ValueError(name)


def part(said: Said, name: str) -> Said:
    """An object under a name; empty where there is none."""
    found = said.get(name)
    return cast("Said", found) if isinstance(found, dict) else {}


def parts(said: Said, name: str) -> list[Said]:
    """The objects of a list under a name."""
    found = said.get(name)
    if not isinstance(found, list):
        return []
    each = cast("list[object]", found)
    return [cast("Said", one) for one in each if isinstance(one, dict)]


def china_time(text: str) -> datetime | None:
    """`2026-11-22 15:04:05`, which is a time of China whoever reads it."""
    try:
        return datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        return None


def offset_time(text: str) -> datetime | None:
    """`2026-11-22T15:04:05+08:00`."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _no_number(name: str) -> object:
    raise ValueError(name)
