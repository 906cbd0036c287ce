"""Nothing comes in at an account any more, or it does again."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_REASON, PaymentAccount
from santong.payments.models import PaymentAccount as Row
from santong.payments.rules.txns import check_text


@all_or_nothing
def close_payment_account(
    *, merchant_id: int, code: str, reason: str, now: datetime
) -> PaymentAccount:
    """Take nothing more at an account; what is under way there ends, and refunds still go.

    Twice is once. Raises NoSuch, FieldInvalid. Locks the account.
    """
    return _set(merchant_id, code, is_open=False, reason=reason, now=now)


@all_or_nothing
def reopen_payment_account(
    *, merchant_id: int, code: str, reason: str, now: datetime
) -> PaymentAccount:
    """Take money at an account again; twice is once.

    Raises NoSuch, FieldInvalid. Locks the account.
    """
    return _set(merchant_id, code, is_open=True, reason=reason, now=now)


def _set(
    merchant_id: int, code: str, *, is_open: bool, reason: str, now: datetime
) -> PaymentAccount:
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    row = Row.objects.of_merchant(merchant_id).filter(code=code).lock().first()
    if row is None:
        raise NoSuch(kind="payment_account", key=code)
    if row.is_open != is_open:
        audit.record(
            audit.Change(
                action=f"payments.{'reopen' if is_open else 'close'}_account",
                subject="payment_account",
                subject_id=row.id,
                reason=reason,
                before={"is_open": row.is_open},
                after={"is_open": is_open},
            ),
            now=now,
        )
        row.is_open = is_open
        row.save(update_fields=["is_open"])
    return row.as_contract()
