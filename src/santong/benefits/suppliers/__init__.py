"""Suppliers that are asked for each coupon: what they must be able to do, and who is known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol

from santong.benefits.suppliers.simulated import SimulatedSupplier


class SupplierApi(Protocol):
    """Whoever delivers one unit of a product for a key: the same key again is the same unit."""

    def deliver(self, *, key: str, product: str, attempt: int) -> str:
        """The code that the member gets. Raises TimeoutError, ConnectionError, ValueError."""
        ...


_KNOWN: dict[str, Callable[[], SupplierApi]] = {"simulated": SimulatedSupplier}
# The names by which supplies may call them.
ADAPTERS: Final[tuple[str, ...]] = tuple(_KNOWN)


def supplier_named(adapter: str) -> SupplierApi | None:
    """The supplier that a supply names; None where nobody knows it."""
    found = _KNOWN.get(adapter)
    return found() if found else None
