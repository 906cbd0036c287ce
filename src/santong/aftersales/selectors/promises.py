"""What was agreed for a document, as far as a case is concerned."""

from __future__ import annotations

from santong.aftersales import contracts


def promises_of(*, merchant_id: int, document: str) -> tuple[contracts.Promise, ...]:
    """Terms of accepted agreements that are in force for a document, in the order agreed."""
    del merchant_id, document
    return ()
