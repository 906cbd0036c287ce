"""What a provider moved by itself: its fees, and what somebody has explained."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import LONGEST_REASON, MOST_MINOR, Movement, NewTxn
from santong.payments.models import Movement as Row
from santong.payments.models import PaymentAccount
from santong.payments.rules.books import SOURCE, moved_otherwise
from santong.payments.rules.txns import check_text
from santong.payments.selectors.movements import movement_of
from santong.payments.services.post import post


@all_or_nothing
def record_movement(
    *,
    merchant_id: int,
    account_code: str,
    kind: Literal["fee", "adjustment"],
    reference: str,
    their_reference: str,
    amount_minor: int,
    moved_at: datetime,
    reason: str,
    now: datetime,
) -> Movement:
    """Book a fee or an explained difference of an account, once for its kind and reference.

    More than nothing came in, less went out. The same reference again is the first movement.

    Raises FieldInvalid, NoSuch. Locks the payment account.
    """
    if not amount_minor or abs(amount_minor) > MOST_MINOR:
        raise FieldInvalid(pointer="/amount_minor", reason=f"up to {MOST_MINOR}, and not nothing")
    check_text(reference, most=64, pointer="/reference", least=1)
    check_text(their_reference, most=128, pointer="/their_reference")
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    accounts = PaymentAccount.objects.of_merchant(merchant_id)
    account = accounts.filter(code=account_code).lock().first()
    if account is None:
        raise NoSuch(kind="payment_account", key=account_code)
    rows = Row.objects.of_merchant(merchant_id).select_related("account")
    before = rows.filter(account=account, kind=kind, reference=reference).first()
    if before is not None:
        if before.amount_minor != amount_minor:
            raise FieldInvalid(pointer="/amount_minor", reason="another stands under the reference")
        return movement_of(before)
    txn = post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=NewTxn(
            key=f"{kind}:{account_code}:{reference}",
            kind=kind,
            entries=moved_otherwise(
                currency=account.currency,
                account=account_code,
                kind=kind,
                amount_minor=amount_minor,
            ),
            occurred_at=moved_at,
            reference=reference,
            reason=reason,
        ),
        now=now,
    )
    row = Row.objects.create(
        merchant_id=merchant_id,
        account=account,
        kind=kind,
        reference=reference,
        their_reference=their_reference,
        amount_minor=amount_minor,
        currency=account.currency,
        moved_at=moved_at,
        recorded_at=now,
        subject=f"account:{account.id}",
        txn_id=txn.id,
    )
    audit.record(
        audit.Change(
            action="payments.record_movement",
            subject="payment_account",
            subject_id=account.id,
            reason=reason,
            after={"kind": kind, "amount_minor": amount_minor, "reference": reference},
        ),
        now=now,
    )
    return movement_of(row)
