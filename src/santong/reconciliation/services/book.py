"""What a statement shows and the books did not know yet is booked."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.reconciliation.models import StatementFile

# Movements that a statement has made are in no statement: they bear this before their number.
MADE_HERE = "statement:"


@all_or_nothing
def book(*, merchant_id: int, file_id: int, amount_minor: int, now: datetime) -> None:
    """Book what a provider has kept of a file's payments, as one movement.

    Raises NoSuch. Locks the file.
    """
    rows = StatementFile.objects.of_merchant(merchant_id).filter(id=file_id)
    rows.update(bookings=F("bookings") + 1)
    row = rows.get()
    payments.record_movement(
        merchant_id=merchant_id,
        account_code=row.account_code,
        kind="fee",
        reference=f"{MADE_HERE}{file_id}:fees:{row.bookings}",
        their_reference="",
        amount_minor=amount_minor,
        moved_at=now,
        reason=f"fees of {row.day}",
        now=now,
    )


@all_or_nothing
def book_net(
    *,
    merchant_id: int,
    line_id: int,
    net_of: int,
    account_code: str,
    amount_minor: int,
    now: datetime,
) -> None:
    """Book that a day's net has left the provider and is at the bank. Raises NoSuch."""
    source = StatementFile.objects.of_merchant(merchant_id).get(id=net_of)
    for code, amount in ((source.account_code, -amount_minor), (account_code, amount_minor)):
        payments.record_movement(
            merchant_id=merchant_id,
            account_code=code,
            kind="adjustment",
            reference=f"{MADE_HERE}net:{line_id}",
            their_reference="",
            amount_minor=amount,
            moved_at=now,
            reason=f"net of {source.account_code} on {source.day}",
            now=now,
        )


@all_or_nothing
def book_difference(
    *,
    merchant_id: int,
    account_code: str,
    difference_id: int,
    attempt: str,
    amount_minor: int,
    reason: str,
    now: datetime,
) -> None:
    """Book what a difference comes to, so that the books say what the provider says.

    Raises NoSuch.
    """
    if not amount_minor:
        return
    payments.record_movement(
        merchant_id=merchant_id,
        account_code=account_code,
        kind="adjustment",
        reference=f"{MADE_HERE}difference:{difference_id}:{attempt}",
        their_reference="",
        amount_minor=amount_minor,
        moved_at=now,
        reason=reason,
        now=now,
    )
