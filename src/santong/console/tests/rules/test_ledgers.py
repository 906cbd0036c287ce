"""What stood there after each movement."""

from __future__ import annotations

from datetime import UTC, datetime

from santong.console.rules.ledgers import running
from santong.inventory import public as inventory

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)


def movement(number: int, kind: inventory.MovementKind, **deltas: int) -> inventory.Movement:
    return inventory.Movement(
        id=number,
        location_id=1,
        sku_id=1,
        kind=kind,
        on_hand_delta=deltas.get("on_hand", 0),
        allocated_delta=deltas.get("allocated", 0),
        reserved_delta=deltas.get("reserved", 0),
        reason="",
        holder="",
        line_id=None,
        at=NOW,
        actor="system:system",
    )


def test_totals_run_back_from_the_level() -> None:
    level = inventory.Level(
        id=1,
        location_id=1,
        sku_id=1,
        on_hand=8,
        allocated=0,
        reserved=1,
        safety_stock=0,
        shortfall=0,
        atp=7,
    )
    newest_first = [
        movement(4, "reserve", reserved=1),
        movement(3, "consume", on_hand=-2, allocated=-2),
        movement(2, "allocate", allocated=2),
        movement(1, "receive", on_hand=10),
    ]

    rows = running(newest_first, level=level)

    assert [(row.on_hand, row.promised) for row in rows] == [(8, 1), (8, 0), (10, 2), (10, 0)]


def test_without_the_level_no_total_is_claimed() -> None:
    rows = running([movement(1, "receive", on_hand=10)], level=None)

    assert [(row.on_hand, row.promised) for row in rows] == [(None, None)]
