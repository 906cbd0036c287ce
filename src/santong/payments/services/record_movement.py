"""What a provider moved by itself: its fees, what it keeps, and what somebody has explained."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Literal

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.tenancy import all_or_nothing
from santong.payments.contracts import (
    LONGEST_REASON,
    MOST_MINOR,
    Movement,
    NewEntry,
    NewTxn,
)
from santong.payments.models import Movement as Row
from santong.payments.models import PaymentAccount
from santong.payments.rules.books import SOURCE, kept, made_good, moved_otherwise
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
    check_text(their_reference, most=128, pointer="/their_reference")
    moved = Row(
        merchant_id=merchant_id,
        kind=kind,
        reference=reference,
        their_reference=their_reference,
        amount_minor=amount_minor,
        moved_at=moved_at,
        recorded_at=now,
    )

    def entries(currency: str) -> tuple[NewEntry, ...]:
        return moved_otherwise(
            currency=currency, account=account_code, kind=kind, amount_minor=amount_minor
        )

    return _book(moved, account_code, entries, reason=reason)


@all_or_nothing
def record_kept(
    *,
    merchant_id: int,
    account_code: str,
    party: str,
    reference: str,
    amount_minor: int,
    reason: str,
    now: datetime,
) -> Movement:
    """Book that a party has kept what it is owed out of what it collected, once.

    The account has so much less, and the party is owed so much less; less than nothing came back
    to the account. The same reference again is the first movement.

    Raises FieldInvalid, NoSuch. Locks the payment account, then accounts of the ledger.
    """
    moved = Row(
        merchant_id=merchant_id,
        kind="fee",
        reference=reference,
        their_reference="",
        amount_minor=-amount_minor,
        moved_at=now,
        recorded_at=now,
    )

    def entries(currency: str) -> tuple[NewEntry, ...]:
        return kept(currency=currency, account=account_code, party=party, amount_minor=amount_minor)

    return _book(moved, account_code, entries, reason=reason)


@all_or_nothing
def record_claim_paid(
    *,
    merchant_id: int,
    account_code: str,
    party: str,
    reference: str,
    their_reference: str,
    amount_minor: int,
    currency: str,
    moved_at: datetime,
    reason: str,
    now: datetime,
) -> Movement:
    """Book that a carrier or a supplier (`carrier:sf`) has paid what was claimed of it, once.

    The account has so much more. The same reference again is the first movement.

    Raises FieldInvalid, NoSuch. Locks the payment account, then accounts of the ledger.
    """
    check_text(their_reference, most=128, pointer="/their_reference")
    if amount_minor <= 0:
        raise FieldInvalid(pointer="/amount_minor", reason=f"1 to {MOST_MINOR}")
    moved = Row(
        merchant_id=merchant_id,
        kind="adjustment",
        reference=reference,
        their_reference=their_reference,
        amount_minor=amount_minor,
        moved_at=moved_at,
        recorded_at=now,
    )

    def entries(of_account: str) -> tuple[NewEntry, ...]:
        if of_account != currency:
            raise FieldInvalid(pointer="/account_code", reason=f"an account in {currency}")
        return made_good(
            currency=currency, account=account_code, party=party, amount_minor=amount_minor
        )

    return _book(moved, account_code, entries, reason=reason)


def _book(
    row: Row, account_code: str, entries: Callable[[str], tuple[NewEntry, ...]], *, reason: str
) -> Movement:
    amount_minor, kind, reference = row.amount_minor, row.kind, row.reference
    if not amount_minor or abs(amount_minor) > MOST_MINOR:
        raise FieldInvalid(pointer="/amount_minor", reason=f"up to {MOST_MINOR}, and not nothing")
    check_text(reference, most=64, pointer="/reference", least=1)
    check_text(reason, most=LONGEST_REASON, pointer="/reason", least=1)
    accounts = PaymentAccount.objects.of_merchant(row.merchant_id)
    account = accounts.filter(code=account_code).lock().first()
    if account is None:
        raise NoSuch(kind="payment_account", key=account_code)
    rows = Row.objects.of_merchant(row.merchant_id).select_related("account")
    before = rows.filter(account=account, kind=kind, reference=reference).first()
    if before is not None:
        if before.amount_minor != amount_minor:
            raise FieldInvalid(pointer="/amount_minor", reason="another stands under the reference")
        return movement_of(before)
    txn = post(
        merchant_id=row.merchant_id,
        source=SOURCE,
        txn=NewTxn(
            key=f"{kind}:{account_code}:{reference}",
            kind=kind,
            entries=entries(account.currency),
            occurred_at=row.moved_at,
            reference=reference,
            reason=reason,
        ),
        now=row.recorded_at,
    )
    row.account, row.currency = account, account.currency
    row.subject, row.txn_id = f"account:{account.id}", txn.id
    row.save(force_insert=True)
    audit.record(
        audit.Change(
            action="payments.record_movement",
            subject="payment_account",
            subject_id=account.id,
            reason=reason,
            after={"kind": kind, "amount_minor": amount_minor, "reference": reference},
        ),
        now=row.recorded_at,
    )
    return movement_of(row)
