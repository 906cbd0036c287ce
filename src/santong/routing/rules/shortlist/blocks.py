"""The places that the best plan can consist of, when lines are few and each fits one place.

A plan gives each place a block of lines. In the best plan each block is at the place that sends
it at least cost, so the cheapest place of every block is all that has to be kept: at most
2^lines - 1 of them, however many places there are.
"""

import numpy as np

from santong.routing.rules.costs import CERTAIN_PPM
from santong.routing.rules.shortlist.columns import Column
from santong.routing.rules.shortlist.field import NEVER, Field
from santong.routing.rules.tie_breaks import AGE_DAYS_MAX

ALTERNATIVES_MAX = 4


def cheapest_of_each_block(*, field: Field) -> set[int]:
    """The rows of the places that some best block needs, and the next best for the whole."""
    lines = [field.line_cost(need) for need in range(len(field.needs))]
    kept: set[int] = set()
    _visit(field, lines, (), field.parcel_cost(), kept)
    return kept


def _visit(
    field: Field, lines: list[Column], block: tuple[int, ...], cost: Column, kept: set[int]
) -> None:
    for need in range(block[-1] + 1 if block else 0, len(lines)):
        longer = (*block, need)
        total = cost + lines[need]
        least = total.min()
        if least >= NEVER:
            continue
        kept.add(_first_by_tie_breaks(field, longer, np.flatnonzero(total == least)))
        if len(longer) == len(lines):
            kept.update(_cheapest(total, ALTERNATIVES_MAX))
        _visit(field, lines, longer, total, kept)


def _cheapest(total: Column, count: int) -> list[int]:
    possible = np.flatnonzero(total < NEVER)
    if len(possible) > count:
        possible = possible[np.argpartition(total[possible], count)[:count]]
    return [int(row) for row in possible]


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
