"""A refusal as a sentence for whoever reads the other system's log: codes and numbers, no names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, cast

MOST: Final = 300


def words_of(*, members: Mapping[str, object]) -> str:
    """What a refusal knows, name by name."""
    told = ", ".join(f"{name}: {_said(value)}" for name, value in members.items())
    return told[:MOST] or "refused"


def _said(value: object) -> str:
    if isinstance(value, list | tuple):
        each = cast("Sequence[object]", value)
        return "; ".join(_said(one) for one in each[:5])
    return str(value)[:120]
