"""The places that the best plan can consist of, when lines are few and each fits one place.

A plan gives each place a block of lines. In the best plan each block is at the place that sends
it at least cost, so the cheapest place of every block is all that has to be kept: at most
2^lines - 1 of them, however many places there are.
"""

from dataclasses import dataclass
from dataclasses import field as dataclass_field

import numpy as np

from santong.routing.rules.costs import CERTAIN_PPM
from santong.routing.rules.shortlist.columns import Column
from santong.routing.rules.shortlist.field import Field
from santong.routing.rules.tie_breaks import AGE_DAYS_MAX

ALTERNATIVES_MAX = 4
MISSING = np.int64(1 << 62)


def cheapest_of_each_block(*, field: Field) -> set[int]:
    """The rows of the places that some best block needs, and the next best for the whole."""
    parcel = field.parcel_cost()
    senders = [field.senders(need) for need in range(len(field.needs))]
    by_row = {need: _by_row(len(field.places), *senders[need]) for need in range(1, len(senders))}
    blocks = _Blocks(field=field, by_row=by_row, lines=len(senders))
    for need, (rows, cost) in enumerate(senders):
        blocks.visit((need,), rows, parcel.take(rows) + cost)
    return blocks.kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Blocks:
    """`by_row` is the cost of a line from each place, `MISSING` where it cannot be sent.

    Blocks grow by later lines only, so the first line has no such column.
    """

    field: Field
    by_row: dict[int, Column]
    lines: int
    kept: set[int] = dataclass_field(default_factory=set[int])

    def visit(self, block: tuple[int, ...], rows: Column, cost: Column) -> None:
        """Keeps the cheapest of the places that can send this block, and every longer block's."""
        if not len(rows):
            return
        self.kept.add(_first_by_tie_breaks(self.field, block, rows[cost == cost.min()]))
        if len(block) == self.lines:
            self.kept.update(_cheapest(rows, cost))
        for need in range(block[-1] + 1, self.lines):
            added = self.by_row[need].take(rows)
            able = np.flatnonzero(added != MISSING)
            self.visit((*block, need), rows.take(able), cost.take(able) + added.take(able))


def _by_row(places: int, rows: Column, cost: Column) -> Column:
    by_row = np.full(places, MISSING)
    by_row[rows] = cost
    return by_row


def _cheapest(rows: Column, cost: Column) -> list[int]:
    if len(rows) > ALTERNATIVES_MAX:
        rows = rows[np.argpartition(cost, ALTERNATIVES_MAX)[:ALTERNATIVES_MAX]]
    return [int(row) for row in rows]


def _first_by_tie_breaks(field: Field, block: tuple[int, ...], rows: Column) -> int:
    """Of rows that cost the same, the one that `tie_breaks` puts first."""
    for field_values in (_arrival, _doubt, _load, _youth):
        if len(rows) == 1:
            break
        values = field_values(field, block, rows)
        rows = rows[values == values.min()]
    return int(rows[0])


def _arrival(field: Field, _block: tuple[int, ...], rows: Column) -> Column:
    return field.arrives_in_minutes[rows]


def _load(field: Field, _block: tuple[int, ...], rows: Column) -> Column:
    return field.places.recent_load[rows]


def _doubt(field: Field, block: tuple[int, ...], rows: Column) -> Column:
    doubt = np.zeros(len(rows), dtype=np.int64)
    for need in block:
        shelf = field.shelves[need]
        found = shelf.found_ppm[np.searchsorted(shelf.rows, rows)]
        surely = field.places.accept_ppm[rows] * found // CERTAIN_PPM
        doubt += (CERTAIN_PPM - surely) * field.needs[need].quantity
    return doubt


def _youth(field: Field, block: tuple[int, ...], rows: Column) -> Column:
    youth = np.zeros(len(rows), dtype=np.int64)
    for need in block:
        shelf = field.shelves[need]
        age = shelf.age_days[np.searchsorted(shelf.rows, rows)]
        youth += (AGE_DAYS_MAX - np.minimum(age, AGE_DAYS_MAX)) * field.needs[need].quantity
    return youth
