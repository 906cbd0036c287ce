"""The name under which an order holds stock."""

from __future__ import annotations


def holder_of(*, order_id: int) -> str:
    """The inventory holder of an order: `order:17`."""
    return f"order:{order_id}"
