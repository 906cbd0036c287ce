"""What a statement shows of disputes that nobody told of goes into the books."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from santong.payments import public as payments
from santong.reconciliation.models import StatementFile

_ALONE = """
SELECT l.our_reference, l.their_reference, l.amount_minor, l.moved_at
FROM reconciliation_statementline l
WHERE l.merchant_id = %(merchant)s AND l.file_id = %(file)s AND l.currency = %(currency)s
  AND l.kind IN ('chargeback', 'chargeback_returned')
  AND NOT EXISTS (SELECT FROM reconciliation_match m
    WHERE m.merchant_id = %(merchant)s AND m.line_id = l.id)
ORDER BY l.moved_at, l.line
"""


def take_chargebacks(file: StatementFile, *, now: datetime) -> int:
    """Take in the file's lines about disputes that are in no match yet; how many were news.

    A provider that can take money back tells of it in its statement at the latest. A line whose
    payment nobody knows stays alone, and differs. The file is locked.

    Emits DisputeChanged. Locks the payments' intents, then accounts of the ledger.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _ALONE,
            {"merchant": file.merchant_id, "file": file.id, "currency": file.currency},
        )
        lines = cursor.fetchall()
    taken = 0
    for our_reference, their_reference, amount_minor, moved_at in lines:
        taken += payments.see_chargeback(
            merchant_id=file.merchant_id,
            account_code=file.account_code,
            reference=our_reference or their_reference,
            their_reference=their_reference,
            amount_minor=amount_minor,
            moved_at=moved_at,
            now=now,
        )
    return taken
