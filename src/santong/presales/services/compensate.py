"""The merchant cannot deliver: all goes back, and for an earnest as much again on top."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from santong.kernel import audit, outbox
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales import contracts
from santong.presales.errors import CompensationPaid, PresalePassed
from santong.presales.events import CompensationSettled, PresaleFailed
from santong.presales.models import Compensation, Presale
from santong.presales.rules.amounts import compensation_minor
from santong.presales.selectors.presales import presale_by_id
from santong.presales.services.cancel_presale import check_reason
from santong.presales.services.end_presale import end_presale
from santong.presales.services.lock import lock_presale

SOURCE: Final = "presales"
LONGEST_REFERENCE: Final = 120


@all_or_nothing
def fail_presale(
    *, merchant_id: int, presale_id: int, reason: str, now: datetime
) -> contracts.Presale:
    """Give a presale order up that the merchant cannot fulfil; twice is once.

    All that was paid goes back. For an earnest (a deposit that its buyer would have lost) as much
    again is owed: it is sent to whoever paid the deposit, where the provider knows them, and is
    otherwise paid by hand (`pay_compensation`).

    Raises NoSuch, FieldInvalid, PresalePassed, AlreadyShipped. Emits PresaleFailed. Locks the
    presale order, its order, its offer, then stock levels and accounts of the ledger.
    """
    check_reason(reason)
    row = lock_presale(merchant_id=merchant_id, presale_id=presale_id)
    if row.state == "failed":
        return presale_by_id(merchant_id=merchant_id, presale_id=presale_id)
    order = orders.claim_order(merchant_id=merchant_id, order_id=row.order_id)
    if row.ended_at is not None or order.state not in ("placed", "paid", "paid_without_stock"):
        raise PresalePassed(presale_id=str(row.id), state=row.state)
    is_in = order.paid_minor >= row.deposit_minor
    owed = _owed(row) if is_in else 0
    end_presale(row, state="failed", kept_minor=0, reason=reason, now=now)
    orders.cancel_order(merchant_id=merchant_id, order_id=row.order_id, reason=reason, now=now)
    if owed:
        _owe(row, owed, now)
    outbox.publish(
        PresaleFailed(
            presale_id=row.id,
            offer_id=row.offer_id,
            order_id=row.order_id,
            units=row.units,
            currency=row.currency,
            compensation_minor=owed,
        ),
        now=now,
    )
    return presale_by_id(merchant_id=merchant_id, presale_id=presale_id)


@all_or_nothing
def pay_compensation(
    *, merchant_id: int, presale_id: int, reference: str, now: datetime
) -> contracts.Compensation:
    """Note that a compensation was paid by hand, under a number of whoever paid it.

    Raises NoSuch, FieldInvalid, CompensationPaid. Emits CompensationSettled. Locks the presale
    order, then accounts of the ledger.
    """
    if not 0 < len(reference.strip()) <= LONGEST_REFERENCE:
        raise FieldInvalid(pointer="/reference", reason=f"1 to {LONGEST_REFERENCE} characters")
    row = lock_presale(merchant_id=merchant_id, presale_id=presale_id)
    owed = Compensation.objects.of_merchant(merchant_id).filter(presale=row).first()
    if owed is None or owed.state != "owed":
        state = owed.state if owed else "none"
        raise CompensationPaid(presale_id=str(presale_id), state=state)
    _post(row, f"by-hand:{row.id}", -owed.amount_minor, against="paid_out", now=now)
    _settle(row, owed, reference.strip(), now)
    return owed.as_contract()


@all_or_nothing
def follow_transfer(
    *, merchant_id: int, transfer_id: int, has_arrived: bool, why: str, now: datetime
) -> None:
    """A compensation has arrived; or it has not, or came back, and is owed again.

    Emits CompensationSettled. Locks the presale order.
    """
    found = Compensation.objects.of_merchant(merchant_id).filter(transfer_id=transfer_id).first()
    if found is None:
        return
    row = lock_presale(merchant_id=merchant_id, presale_id=found.presale_id)
    owed = Compensation.objects.of_merchant(merchant_id).get(id=found.id)
    if has_arrived and owed.state == "sent":
        _settle(row, owed, f"transfer:{transfer_id}", now)
    elif not has_arrived and owed.transfer_id == transfer_id:
        owed.state, owed.paid_at, owed.why = "owed", None, why[:200]
        owed.transfer_id, owed.reference = None, ""
        owed.save(update_fields=["state", "paid_at", "why", "transfer_id", "reference"])
        _record(row, owed, now)


def _owed(row: Presale) -> int:
    return compensation_minor(
        deposit_minor=row.deposit_minor, forfeit=row.version.as_contract().forfeit
    )


def _owe(row: Presale, amount_minor: int, now: datetime) -> None:
    payments.open_asset(
        merchant_id=row.merchant_id,
        code=payments.asset_of(currency=row.currency),
        kind="money",
        currency=row.currency,
        now=now,
    )
    _post(row, f"owed:{row.id}", amount_minor, against="compensation", now=now)
    owed = Compensation(
        merchant_id=row.merchant_id,
        presale=row,
        amount_minor=amount_minor,
        currency=row.currency,
        state="owed",
        owed_at=now,
    )
    _send(row, owed, now)
    owed.save(force_insert=True)
    _record(row, owed, now)


def _send(row: Presale, owed: Compensation, now: datetime) -> None:
    """Send it the way that the deposit came, if the provider said who paid."""
    document = contracts.document_of(order_id=row.order_id)
    for intent in payments.intents_of(merchant_id=row.merchant_id, document=document):
        for tender in intent.tenders:
            receiver = payments.payer_of(merchant_id=row.merchant_id, tender_id=tender.id)
            if tender.captured_minor and receiver:
                owed.why = _queue(row, owed, tender.account_code, receiver, now)
                return
    owed.why = "the provider named nobody"


def _queue(
    row: Presale, owed: Compensation, account_code: str, receiver: str, now: datetime
) -> str:
    try:
        with transaction.atomic():  # what is owed stands, whether or not it can be sent
            sent = payments.transfer(
                merchant_id=row.merchant_id,
                source=SOURCE,
                key=f"compensation:{row.id}",
                account_code=account_code,
                party=party_of(row.id),
                receiver=receiver,
                amount_minor=owed.amount_minor,
                currency=row.currency,
                reason="deposit given back twofold",
                now=now,
            )
    except DomainError as refused:
        return refused.code
    owed.state, owed.transfer_id = "sent", sent.id
    return ""


def party_of(presale_id: int) -> str:
    """Under which name the ledger knows the buyer of a presale order."""
    return f"presale:{presale_id}"


def _post(row: Presale, key: str, amount_minor: int, *, against: str, now: datetime) -> None:
    """Owe the buyer more, or less, against a cost or what was paid out."""
    asset = payments.asset_of(currency=row.currency)
    payments.post(
        merchant_id=row.merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=key,
            kind="compensation",
            entries=(
                payments.NewEntry(
                    payments.payable_account(currency=row.currency, party=party_of(row.id)),
                    amount_minor,
                ),
                payments.NewEntry(payments.AccountKey(asset, against, SOURCE), -amount_minor),
            ),
            occurred_at=now,
            reference=party_of(row.id),
        ),
        now=now,
    )


def _settle(row: Presale, owed: Compensation, reference: str, now: datetime) -> None:
    owed.state, owed.paid_at, owed.reference = "paid", now, reference
    owed.save(update_fields=["state", "paid_at", "reference"])
    _record(row, owed, now)
    outbox.publish(
        CompensationSettled(
            presale_id=row.id, currency=owed.currency, amount_minor=owed.amount_minor
        ),
        now=now,
    )


def _record(row: Presale, owed: Compensation, now: datetime) -> None:
    audit.record(
        audit.Change(
            action="presales.compensate",
            subject="presale",
            subject_id=row.id,
            reason=owed.why or row.number,
            after={"compensation": owed.state, "amount_minor": owed.amount_minor},
        ),
        now=now,
    )
