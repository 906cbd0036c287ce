"""A supplier that lives on this machine: for demonstrations and tests, as moody as real ones.

What it answers depends on the key and the attempt alone, so that a run can be repeated.
"""

from __future__ import annotations

import hashlib

# Of a hundred first tries, so many end in silence, and so many in a refusal; later tries get on.
SILENT_PERCENT = 20
REFUSING_PERCENT = 10
# A product of this name is never delivered.
OUT_OF_STOCK = "out-of-stock"


class SimulatedSupplier:
    """Delivers a code for every key, sometimes only when asked again."""

    def deliver(self, *, key: str, product: str, attempt: int) -> str:
        """The code of this key, always the same one. Raises TimeoutError, ConnectionError."""
        mood = hashlib.sha256(f"{key}/{attempt}".encode()).digest()[0] * 100 // 256
        if product == OUT_OF_STOCK:
            raise ConnectionError("out of stock")
        if mood < SILENT_PERCENT // attempt:
            raise TimeoutError("no answer")
        if mood < (SILENT_PERCENT + REFUSING_PERCENT) // attempt:
            raise ConnectionError("try again")
        return f"SIM-{hashlib.sha256(f'{product}/{key}'.encode()).hexdigest()[:16].upper()}"
