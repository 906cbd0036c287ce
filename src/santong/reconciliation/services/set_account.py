"""How an account is reconciled."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.reconciliation.contracts import FileFormat
from santong.reconciliation.models import Account
from santong.reconciliation.rules.days import day_of
from santong.reconciliation.services.receive_file import account_of


@all_or_nothing
def set_account(
    *,
    merchant_id: int,
    account_code: str,
    settles_to: str = "",
    file_format: FileFormat | None = None,
    now: datetime,
) -> None:
    """Say in which format an account's statements come, and to which bank account it pays out.

    Raises FieldInvalid, NoSuch. Locks the account.
    """
    if settles_to == account_code:
        raise FieldInvalid(pointer="/settles_to", reason="an account does not pay out to itself")
    paid_into = payments.payment_account_by_code(merchant_id=merchant_id, code=account_code)
    if settles_to:
        payments.payment_account_by_code(merchant_id=merchant_id, code=settles_to)
    row = account_of(
        merchant_id=merchant_id, paid_into=paid_into, day=day_of(now), file_format=file_format
    )
    before = {"format": row.format, "settles_to": row.settles_to}
    after = {"format": file_format or row.format, "settles_to": settles_to}
    if before == after:
        return
    Account.objects.of_merchant(merchant_id).filter(id=row.id).update(**after)
    audit.record(
        audit.Change(
            action="reconciliation.set_account",
            subject="reconciled_account",
            subject_id=row.id,
            reason="set",
            before=before,
            after=after,
        ),
        now=now,
    )
