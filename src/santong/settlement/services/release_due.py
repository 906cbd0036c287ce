"""Shares whose return period is over can be paid out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection

from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.settlement.models import DueBatch
from santong.settlement.selectors.ledger import SOURCE, account_of_party

# Whoever is busy with a share at this moment leaves it for the next time.
_RELEASE = """
WITH due AS (
  SELECT id FROM settlement_share
  WHERE merchant_id = %(merchant)s AND NOT is_due AND due_at <= %(now)s
  ORDER BY due_at, id LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
), released AS (
  UPDATE settlement_share s SET is_due = true
  FROM due WHERE s.id = due.id AND s.merchant_id = %(merchant)s
  RETURNING s.party_id, s.sale_id, s.left_minor
)
SELECT r.party_id, l.currency, sum(r.left_minor)::bigint, count(*)
FROM released r JOIN settlement_sale l ON l.id = r.sale_id AND l.merchant_id = %(merchant)s
GROUP BY r.party_id, l.currency ORDER BY r.party_id, l.currency
"""
# Two entries for each party; a transaction of the ledger holds two hundred.
PARTIES_PER_TXN = 100


@all_or_nothing
def release_due(*, merchant_id: int, limit: int, now: datetime) -> int:
    """Make shares payable that are due, oldest first, `limit` at most; say how many.

    Locks shares, then accounts.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RELEASE, {"merchant": merchant_id, "now": now, "limit": limit})
        found = cursor.fetchall()
    shares: int = sum(count for *_, count in found)
    if not shares:
        return 0
    batch = DueBatch.objects.create(merchant_id=merchant_id, shares=shares, at=now)
    moved = [(party_id, currency, minor) for party_id, currency, minor, _ in found if minor]
    payments.post_many(
        merchant_id=merchant_id,
        source=SOURCE,
        txns=[
            payments.NewTxn(
                key=f"due:{batch.id}:{place}",
                kind="share_due",
                entries=tuple(_entries(part)),
                occurred_at=now,
                reference=f"due:{batch.id}",
            )
            for place, part in enumerate(_cut(moved))
        ],
        now=now,
    )
    return shares


def _cut(moved: Sequence[tuple[int, str, int]]) -> Iterator[Sequence[tuple[int, str, int]]]:
    for start in range(0, len(moved), PARTIES_PER_TXN):
        yield moved[start : start + PARTIES_PER_TXN]


def _entries(moved: Sequence[tuple[int, str, int]]) -> Iterator[payments.NewEntry]:
    for party_id, currency, minor in moved:
        yield payments.NewEntry(
            account_of_party(party_id=party_id, kind="pending", currency=currency), -minor
        )
        yield payments.NewEntry(
            account_of_party(party_id=party_id, kind="payable", currency=currency), minor
        )
