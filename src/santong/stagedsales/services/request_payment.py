"""Ask a buyer for a deposit or a stage: whole, once, and of nobody else at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from santong.kernel.tenancy import all_or_nothing
from santong.payments import public as payments
from santong.stagedsales.contracts import DEPOSIT, LONGEST_KEY, document_of
from santong.stagedsales.errors import NothingOpen, OnlyWhole
from santong.stagedsales.rules.states import PAYABLE, UNDER_CONTRACT
from santong.stagedsales.rules.terms import check_text
from santong.stagedsales.services.lock import Held, lock_sale
from santong.stagedsales.services.settle import settle

# Somebody who stands at the till or looks at a page does not take longer.
ASKED_FOR: Final = timedelta(minutes=30)


@all_or_nothing
def request_payment(
    *,
    merchant_id: int,
    sale_id: int,
    number: int,
    key: str,
    tenders: Sequence[payments.NewTender],
    now: datetime,
    return_url: str = "",
) -> payments.Intent:
    """Open an intent for all that is open of the deposit (0) or of a stage, once for the key.

    Tenders come to the whole of it, however many they are. What is known to be in at once counts
    at once.

    Raises NoSuch, NothingOpen, OnlyWhole, FieldInvalid, and what opening an intent raises. Emits
    MoneyReceived and what settling emits. Locks the sale, then the intent.
    """
    check_text(key, pointer="/key", most=LONGEST_KEY, least=1)
    held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
    place, name = _payable(held, number)
    document = document_of(sale_id, place)
    named = f"{document}:{key}"
    before = payments.intent_by_key(merchant_id=merchant_id, key=named)
    if before is not None:
        return before
    settle(held, numbers=[place], now=now)
    open_minor = _open(held, number, place, now)
    offered = sum(tender.amount_minor for tender in tenders)
    if offered != open_minor:
        raise OnlyWhole(open_minor=open_minor, offered_minor=offered)
    intent = payments.open_intent(
        merchant_id=merchant_id,
        new=payments.NewIntent(
            key=named,
            document=document,
            currency=held.sale.currency,
            amount_minor=open_minor,
            subject=f"{held.terms.name} {name}".strip()[:100],
            expires_at=_until(held, number, now),
            tenders=tuple(tenders),
            return_url=return_url,
        ),
        now=now,
    )
    if intent.received_minor:
        settle(held, numbers=[place], now=now)
    return intent


def _payable(held: Held, number: int) -> tuple[int, str]:
    """The document of a stage, or of the deposit, and what it is called."""
    if number == DEPOSIT:
        return DEPOSIT, ""
    stage = held.stage(number)
    return stage.document_number, stage.name


def _open(held: Held, number: int, place: int, now: datetime) -> int:
    sale = held.sale
    if number == DEPOSIT:
        is_payable = sale.state == "reserved" and now < sale.deposit_until
        state: str = sale.state
    else:
        stage = held.stage(number)
        is_payable = sale.state in UNDER_CONTRACT and stage.state in PAYABLE
        state = stage.state if sale.state in UNDER_CONTRACT else sale.state
    open_minor = held.money[place].as_contract().open_minor
    if not is_payable or open_minor <= 0:
        raise NothingOpen(number=number, state=state)
    return open_minor


def _until(held: Held, number: int, now: datetime) -> datetime:
    """A deposit is asked for no longer than it can be paid."""
    until = now + ASKED_FOR
    return min(until, held.sale.deposit_until) if number == DEPOSIT else until
