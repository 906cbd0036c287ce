"""Whoever called a visit off late owes the fee of its service, and pays it from the link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from santong.fieldservice.errors import NothingOwed
from santong.fieldservice.selectors.fees import fee_of, subject_of
from santong.fieldservice.services.record import locked_visit
from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments

ASKED_FOR: Final = timedelta(minutes=30)
OVERPAID: Final = "nobody owed it"


@all_or_nothing
def ask_fee(
    *,
    merchant_id: int,
    visit_id: int,
    account_code: str,
    key: str,
    now: datetime,
    return_url: str = "",
) -> payments.Intent:
    """Ask for what is open of a visit's fee by one account; what was asked before is given up.

    A request to the same account that can still be paid is given again.

    Raises NoSuch, NothingOwed, and what opening an intent raises. Emits IntentEnded, MoneyReceived.
    Locks the visit, then its intents.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    fee = fee_of(merchant_id=merchant_id, visit=visit.as_contract(), now=now)
    if fee.open_minor <= 0:
        raise NothingOwed(visit_id=str(visit_id))
    document = subject_of(visit_id)
    for intent in payments.intents_of(merchant_id=merchant_id, document=document):
        if intent.state != "open":
            continue
        if {each.account_code for each in intent.tenders} == {account_code}:
            return intent
        payments.cancel_intent(
            merchant_id=merchant_id,
            intent_id=intent.id,
            reason="the buyer pays another way",
            now=now,
        )
    return payments.open_intent(
        merchant_id=merchant_id,
        new=payments.NewIntent(
            key=f"{document}:{key}",
            document=document,
            currency=fee.currency,
            amount_minor=fee.open_minor,
            subject=visit.service_type.name[:100],
            expires_at=now + ASKED_FOR,
            tenders=(_tender(account_code, fee.open_minor),),
            return_url=return_url,
        ),
        now=now,
    )


@all_or_nothing
def take_in_fee(*, merchant_id: int, visit_id: int, now: datetime) -> None:
    """Money for a visit has come in: what nobody owes of it goes back. Twice is once.

    Raises NoSuch. Locks the visit, then its intents.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    fee = fee_of(merchant_id=merchant_id, visit=visit.as_contract(), now=now)
    if fee.paid_minor > fee.owed_minor:
        payments.refund_up_to(
            merchant_id=merchant_id,
            document=subject_of(visit_id),
            due_minor=fee.returned_minor + fee.paid_minor - fee.owed_minor,
            currency=fee.currency,
            reason=OVERPAID,
            now=now,
        )


def _tender(account_code: str, amount_minor: int) -> payments.NewTender:
    return payments.NewTender(account_code=account_code, amount_minor=amount_minor, way="page")
