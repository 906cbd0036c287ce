"""What every change of a card posts in the ledger."""

from __future__ import annotations

from datetime import datetime

from santong.payments import public as payments

SOURCE = "prepaid"


def moved(
    *,
    key: str,
    kind: str,
    given: payments.AccountKey,
    amount: int,
    taken: payments.AccountKey,
    reference: str,
    reason: str = "",
    expires_at: datetime | None = None,
    now: datetime,
) -> payments.NewTxn:
    """So much from one account to another; what comes to an account with lots may end."""
    return payments.NewTxn(
        key=key,
        kind=kind,
        reference=reference,
        reason=reason,
        occurred_at=now,
        entries=(
            payments.NewEntry(taken, -amount),
            payments.NewEntry(given, amount, expires_at=expires_at),
        ),
    )


def post(*, merchant_id: int, txn: payments.NewTxn, now: datetime) -> payments.Txn:
    """Post it in the name of this context, once for its key."""
    return payments.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=now)
