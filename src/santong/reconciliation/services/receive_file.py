"""A statement file arrives."""

from __future__ import annotations

from datetime import date, datetime

from santong.kernel import audit, crypto, tenancy
from santong.kernel.bulk import insert_new
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.reconciliation import contracts
from santong.reconciliation.errors import MonthClosed
from santong.reconciliation.models import Account, StatementFile, StatementPart
from santong.reconciliation.rules.days import day_of
from santong.reconciliation.rules.formats import FORMAT_BY_PROVIDER
from santong.reconciliation.rules.packing import Packed
from santong.reconciliation.selectors.files import part_place
from santong.reconciliation.selectors.months import current_close


@all_or_nothing
def receive_file(
    *,
    merchant_id: int,
    account_code: str,
    day: date,
    file_format: contracts.FileFormat | None,
    packed: Packed,
    now: datetime,
) -> contracts.StatementFile:
    """Keep a file until it is read and matched; without a format, that of the account.

    The same bytes again give the file that is there. Raises MonthClosed, FieldInvalid, NoSuch.
    Locks the account.
    """
    if day > day_of(now):
        raise FieldInvalid(pointer="/day", reason="has not come yet")
    if current_close(merchant_id=merchant_id, month=day):
        raise MonthClosed(month=day.replace(day=1))
    paid_into = payments.payment_account_by_code(merchant_id=merchant_id, code=account_code)
    account = account_of(
        merchant_id=merchant_id, paid_into=paid_into, day=day, file_format=file_format
    )
    known = (
        StatementFile.objects.of_merchant(merchant_id)
        .filter(account_code=account_code, day=day, sha256=packed.sha256)
        .exclude(state="refused")
        .first()
    )
    if known is not None:
        return known.as_contract()
    row = StatementFile.objects.create(
        merchant_id=merchant_id,
        account_code=account_code,
        day=day,
        format=file_format or account.format,
        sha256=packed.sha256,
        state="received",
        currency=paid_into.currency,
        bytes=packed.size,
        received_at=now,
        actor=_actor(),
    )
    _keep(row, packed)
    audit.record(
        audit.Change(
            action="reconciliation.receive_file",
            subject="statement_file",
            subject_id=row.id,
            reason="received",
            after={"account": account_code, "day": str(day), "sha256": packed.sha256},
        ),
        now=now,
    )
    return row.as_contract()


def account_of(
    *,
    merchant_id: int,
    paid_into: payments.PaymentAccount,
    day: date,
    file_format: contracts.FileFormat | None,
) -> Account:
    """The account's row, locked: of two uploads of one file the second finds the first's."""
    guessed = FORMAT_BY_PROVIDER.get(paid_into.provider)
    wanted = file_format or guessed or "simulated"
    row = Account(merchant_id=merchant_id, code=paid_into.code, format=wanted, since=day)
    insert_new([row], unique=["merchant_id", "code"])
    (found,) = Account.objects.of_merchant(merchant_id).filter(code=paid_into.code).lock()
    return found


def _keep(row: StatementFile, packed: Packed) -> None:
    parts = [
        StatementPart(
            merchant_id=row.merchant_id,
            file=row,
            number=number,
            sealed=crypto.encrypt(
                merchant_id=row.merchant_id, plain=part, place=part_place(row.id, number)
            ),
        )
        for number, part in enumerate(packed.parts)
    ]
    StatementPart.objects.bulk_create(parts, batch_size=8)


def _actor() -> str:
    scope = tenancy.current()
    return f"{scope.actor.kind}:{scope.actor.id}"
