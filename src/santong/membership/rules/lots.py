"""How points that are handed on keep their ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

End = datetime | None


def cut(lots: Iterable[tuple[End, int]], *, wanted: int, now: datetime) -> list[tuple[End, int]]:
    """So much of lots in the order in which they are spent: how much of it ends when.

    What has ended is left out; lots that end together are one part.
    """
    parts: dict[End, int] = {}
    left = wanted
    for end, free in lots:
        if end is not None and end <= now:
            continue
        taken = min(free, left)
        if taken:
            parts[end] = parts.get(end, 0) + taken
        left -= taken
    assert left == 0, "whoever asks has looked whether there is enough"
    return list(parts.items())
