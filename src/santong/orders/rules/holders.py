"""The names under which an order holds stock, and is paid."""

from __future__ import annotations


def holder_of(*, order_id: int) -> str:
    """The inventory holder of an order: `order:17`."""
    return f"order:{order_id}"


def document_of(*, order_id: int) -> str:
    """The document of payments that an order is: `order:17`."""
    return f"order:{order_id}"


def order_of_document(*, document: str) -> int | None:
    """The order that a document is; None if it is something else."""
    kind, _, number = document.partition(":")
    return int(number) if kind == "order" and number.isdecimal() else None
