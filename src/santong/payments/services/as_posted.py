"""A transaction as it was written a moment ago."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from santong.payments.contracts import Entry, NewTxn, Txn
from santong.payments.services.signature import signature


def as_posted(source: str, txn: NewTxn, *, txn_id: int, now: datetime) -> Txn:
    """What was asked, with its id and who posted it when."""
    return Txn(
        id=txn_id,
        source=source,
        key=txn.key,
        kind=txn.kind,
        reference=txn.reference,
        reason=txn.reason,
        occurred_at=txn.occurred_at,
        recorded_at=now,
        actor=signature(),
        reverses_id=None,
        gives_back_id=None,
        entries=tuple(
            [Entry(entry.account, entry.amount, entry.expires_at) for entry in txn.entries]
        ),
        is_new=True,
    )


def as_new(txn: Txn) -> Txn:
    """A transaction that was read right after it was written."""
    return replace(txn, is_new=True)
