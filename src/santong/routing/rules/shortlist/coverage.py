"""Places worth keeping when lines are many or too large for one place.

Not proven to hold the best plan, but safe: for every need enough places are kept to fill it,
those that ask least for it, and beside them the places that cover most of the order.
"""

import numpy as np

from santong.routing.rules.shortlist.columns import Column
from santong.routing.rules.shortlist.field import Field

COVERING_MAX = 12


def best_covering(*, field: Field) -> set[int]:
    """The rows of enough places for each need, and of those that cover most."""
    parcel = field.parcel_cost()
    units = np.zeros(len(field.places), dtype=np.int64)
    cost = parcel.copy()
    kept: set[int] = set()
    for need in range(len(field.needs)):
        shelf = field.shelves[need]
        taken = _taken(field, need)
        unit_cost = field.unit_cost(need)
        units[shelf.rows] += taken
        cost[shelf.rows] += unit_cost * taken
        asked = parcel[shelf.rows] + unit_cost * taken
        kept |= _enough(shelf.rows, taken, asked, field.needs[need].quantity)
    covering = np.flatnonzero(units > 0)
    order = np.lexsort((cost[covering], -units[covering]))
    return kept | {int(row) for row in covering[order][:COVERING_MAX]}


def _taken(field: Field, need: int) -> Column:
    """What each place would send of the need: all of it, or what it has if none has all."""
    quantity = field.needs[need].quantity
    offered = field.offered[need]
    if field.fits(need):
        return np.where(offered >= quantity, quantity, 0)
    return np.minimum(offered, quantity)


def _enough(rows: Column, taken: Column, asked: Column, quantity: int) -> set[int]:
    """The places that ask least a unit, until they can fill the need."""
    able = np.flatnonzero(taken > 0)
    order = able[np.argsort(asked[able] // taken[able], kind="stable")]
    last = int(np.searchsorted(np.cumsum(taken[order]), quantity))
    return {int(row) for row in rows[order[: last + 1]]}
