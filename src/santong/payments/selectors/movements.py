"""What has moved at payment accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.errors import NoSuch
from santong.payments.contracts import MOVEMENT_KINDS, Movement
from santong.payments.models import Movement as Row

# The movements of one account, as a part of somebody else's statement: `merchant`, `account` (its
# code), `from` and `until` (excluded) are its places.
MOVEMENTS_OF = """
SELECT m.id, m.kind, m.reference, m.their_reference, m.amount_minor, m.currency, m.moved_at,
  m.recorded_at, m.document, m.subject, m.txn_id
FROM payments_movement m
JOIN payments_paymentaccount a ON a.merchant_id = m.merchant_id AND a.id = m.account_id
WHERE m.merchant_id = %(merchant)s::bigint AND a.code = %(account)s
  AND m.moved_at >= %(from)s::timestamptz AND m.moved_at < %(until)s::timestamptz
"""


def movements_page(
    *,
    merchant_id: int,
    account_code: str,
    moved_from: datetime,
    moved_until: datetime,
    after_id: int = 0,
    limit: int = 1000,
) -> list[Movement]:
    """What moved at an account in a period, in the order in which it was recorded."""
    rows = Row.objects.of_merchant(merchant_id).filter(
        account__code=account_code,
        moved_at__gte=moved_from,
        moved_at__lt=moved_until,
        id__gt=after_id,
    )
    return [movement_of(row) for row in rows.select_related("account").order_by("id")[:limit]]


def movements_by_reference(
    *, merchant_id: int, account_code: str, references: Sequence[str]
) -> dict[str, list[Movement]]:
    """What moved under some of our numbers, whenever it was."""
    rows = Row.objects.of_merchant(merchant_id).filter(
        account__code=account_code, reference__in=references
    )
    found: dict[str, list[Movement]] = {}
    for row in rows.select_related("account").order_by("id"):
        found.setdefault(row.reference, []).append(movement_of(row))
    return found


def movements_of(*, merchant_id: int, document: str) -> list[Movement]:
    """What moved for a document, in the order in which it was recorded."""
    rows = Row.objects.of_merchant(merchant_id).filter(document=document)
    return [movement_of(row) for row in rows.select_related("account").order_by("id")]


def movement_by_id(*, merchant_id: int, movement_id: int) -> Movement:
    """One movement. Raises NoSuch."""
    rows = Row.objects.of_merchant(merchant_id).filter(id=movement_id)
    for row in rows.select_related("account"):
        return movement_of(row)
    raise NoSuch(kind="movement", key=str(movement_id))


def movement_of(row: Row) -> Movement:
    """A row as others know it."""
    return Movement(
        id=row.id,
        account_code=row.account.code,
        kind=MOVEMENT_KINDS[MOVEMENT_KINDS.index(row.kind)],
        reference=row.reference,
        their_reference=row.their_reference,
        amount_minor=row.amount_minor,
        currency=row.currency,
        moved_at=row.moved_at,
        recorded_at=row.recorded_at,
        document=row.document,
        subject=row.subject,
        txn_id=row.txn_id,
    )
