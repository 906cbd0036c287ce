"""A level's movements with what stood there after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from santong.inventory import public as inventory


@dataclass(frozen=True, slots=True)
class Row:
    """One movement, and the level after it where that is known."""

    movement: inventory.Movement
    on_hand: int | None
    promised: int | None


def running(movements: Sequence[inventory.Movement], *, level: inventory.Level | None) -> list[Row]:
    """Totals run back from the level as it is now, through movements that are newest first."""
    if level is None:
        return [Row(movement, None, None) for movement in movements]
    rows: list[Row] = []
    on_hand, promised = level.on_hand, level.allocated + level.reserved
    for movement in movements:
        rows.append(Row(movement, on_hand, promised))
        on_hand -= movement.on_hand_delta
        promised -= movement.allocated_delta + movement.reserved_delta
    return rows
