"""A process that has started and will run for long."""

from __future__ import annotations

import gc

# An order leaves no cycles worth looking for; looking often costs more than what it finds.
COLLECT_AFTER = 50_000


def settle() -> None:
    """Take what start-up has made out of the garbage collector's sight, and let it look rarely."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 50)
