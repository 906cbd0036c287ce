from __future__ import annotations

from santong.kernel import cells, relay
from santong.simulation.contracts import Bars

# Nobody waits for what is locked meanwhile: all orders are placed and all work is done.
AT_ONCE = 1_000


def tell_facts(*, merchant_id: int, bars: Bars) -> int:
    """Let every context hear what has happened, where no relay runs beside; how many were heard."""
    cell = cells.cell_of(merchant_id)
    waiting = sum(relay.lag(cell=cell).values())
    progress = bars("事件 facts", waiting)
    told = 0
    while taken := relay.relay_once(cell=cell, batch=AT_ONCE):
        told += taken
        progress(min(taken, max(waiting - told + taken, 0)))
    return told
