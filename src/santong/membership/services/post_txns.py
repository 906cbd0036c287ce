"""Post several transactions, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.membership.services.accounts import SOURCE
from santong.payments import public as payments


def post_txns(
    *, merchant_id: int, txns: Sequence[payments.NewTxn], now: datetime
) -> list[payments.Txn]:
    """Post transactions of this context, one after the other."""
    return [payments.post(merchant_id=merchant_id, source=SOURCE, txn=txn, now=now) for txn in txns]
