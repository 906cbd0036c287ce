"""What callers ask for, brought into the form in which it is reserved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from santong.inventory.contracts import (
    LONGEST_HOLDER,
    LONGEST_KEY,
    MOST_UNITS,
    Reservation,
    ReserveLine,
)
from santong.kernel.errors import FieldInvalid

Place = tuple[int, int]


def merged(lines: Sequence[ReserveLine]) -> list[ReserveLine]:
    """One portion for each line and place, in the order in which levels are locked.

    Raises FieldInvalid.
    """
    if len(lines) == 1:
        _check_quantity(lines[0].quantity)
        return list(lines)
    quantity_by_portion: dict[tuple[int, int, int], int] = {}
    sku_by_line: dict[int, int] = {}
    for line in lines:
        _check_quantity(line.quantity)
        if sku_by_line.setdefault(line.line_id, line.sku_id) != line.sku_id:
            raise FieldInvalid(pointer="/lines", reason="one line names two SKUs")
        portion = (line.sku_id, line.location_id, line.line_id)
        quantity_by_portion[portion] = quantity_by_portion.get(portion, 0) + line.quantity
    if not quantity_by_portion:
        raise FieldInvalid(pointer="/lines", reason="at least one line")
    return [
        ReserveLine(sku_id=sku_id, location_id=location_id, line_id=line_id, quantity=quantity)
        for (sku_id, location_id, line_id), quantity in sorted(quantity_by_portion.items())
    ]


def asked_by_place(lines: Iterable[ReserveLine]) -> dict[Place, int]:
    """What is asked of each level, over all lines."""
    asked: dict[Place, int] = {}
    for line in lines:
        place = (line.location_id, line.sku_id)
        asked[place] = asked.get(place, 0) + line.quantity
    return asked


def quantity_by_line(lines: Iterable[ReserveLine]) -> dict[int, int]:
    """What is asked for each line, over all places."""
    asked: dict[int, int] = {}
    for line in lines:
        asked[line.line_id] = asked.get(line.line_id, 0) + line.quantity
    return asked


def claim_keys(
    lines: Sequence[ReserveLine], *, holder: str, attempt_by_line: Mapping[int, int]
) -> list[str | None]:
    """The name of each line's promise, carried by its first portion: nobody makes it twice."""
    named: set[int] = set()
    keys: list[str | None] = []
    for line in lines:
        attempt = attempt_by_line.get(line.line_id, 1)
        end = f"/{attempt}" if attempt > 1 else ""
        keys.append(None if line.line_id in named else f"reserve/{holder}/{line.line_id}{end}")
        named.add(line.line_id)
    return keys


def next_attempts(rows: Iterable[Reservation]) -> dict[int, int]:
    """Which attempt at each line would be the next: every promise so far has counted one up."""
    attempt_by_line: dict[int, int] = {}
    for row in rows:
        attempt_by_line[row.line_id] = attempt_by_line.get(row.line_id, 1) + row.attempt
    return attempt_by_line


def missing_lines(
    lines: Iterable[ReserveLine], *, rows: Iterable[Reservation]
) -> list[ReserveLine]:
    """The lines that nothing stands for yet."""
    answered = {row.line_id for row in rows if row.is_standing}
    return [line for line in lines if line.line_id not in answered]


def superseded(rows: Iterable[Reservation], *, made: Iterable[Reservation]) -> list[int]:
    """What had expired elsewhere for lines that have just been promised anew."""
    line_by_new = {row.id: row.line_id for row in made}
    lines = set(line_by_new.values())
    return [
        row.id
        for row in rows
        if row.state == "expired" and row.line_id in lines and row.id not in line_by_new
    ]


def check_holder(holder: str) -> None:
    """Raises FieldInvalid."""
    if not 0 < len(holder) <= LONGEST_HOLDER or not holder.isprintable():
        raise FieldInvalid(pointer="/holder", reason=f"1 to {LONGEST_HOLDER} printable characters")


def check_key(key: str) -> None:
    """Raises FieldInvalid."""
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise FieldInvalid(pointer="/key", reason=f"1 to {LONGEST_KEY} printable characters")


def check_quantities(quantities: Mapping[int, int], *, least: int = 1) -> None:
    """Raises FieldInvalid."""
    if not quantities:
        raise FieldInvalid(pointer="/lines", reason="at least one line")
    for quantity in quantities.values():
        _check_quantity(quantity, least=least)


def _check_quantity(quantity: int, *, least: int = 1) -> None:
    if not least <= quantity <= MOST_UNITS:
        raise FieldInvalid(pointer="/quantity", reason=f"{least} to {MOST_UNITS} units")
