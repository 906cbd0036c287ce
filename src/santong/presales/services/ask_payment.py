"""Ask a buyer for the deposit, or for the balance in its window."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders
from santong.payments import public as payments
from santong.presales import contracts
from santong.presales.errors import BalanceNotOpen, DepositDisputed, DepositOver, PresalePassed
from santong.presales.models import Presale
from santong.presales.rules.windows import link_until
from santong.presales.services.lock import lock_presale


@all_or_nothing
def ask_payment(
    *,
    merchant_id: int,
    presale_id: int,
    part: contracts.Part,
    key: str,
    tenders: Sequence[payments.NewTender],
    now: datetime,
    return_url: str = "",
) -> payments.Intent:
    """Open a payment for the deposit or the balance, once for the key; never beyond its window.

    The deposit is asked for as a part of the order's total, the balance as all that is open of it.

    Raises NoSuch, PresalePassed, DepositOver, BalanceNotOpen, DepositDisputed, and what asking for
    an order's payment raises. Emits MoneyReceived. Locks the presale order, its order, its intent.
    """
    row = lock_presale(merchant_id=merchant_id, presale_id=presale_id)
    if part == "deposit":
        until, amount = _deposit(row, now)
    else:
        until, amount = _balance(row, now)
    return orders.request_payment(
        merchant_id=merchant_id,
        order_id=row.order_id,
        key=f"{part}:{key}",
        tenders=tenders,
        amount_minor=amount,
        expires_at=link_until(until=until, now=now),
        return_url=return_url,
        now=now,
    )


@all_or_nothing
def ask_another_way(
    *,
    merchant_id: int,
    presale_id: int,
    part: contracts.Part,
    key: str,
    account_code: str,
    now: datetime,
    return_url: str = "",
) -> payments.Intent:
    """Ask for a part by one account; what was asked by another one before is given up.

    A link to the same account that can still be paid is given again. Money that comes by one that
    was given up is the order's all the same, and what nobody owes goes back.

    Raises what `ask_payment` raises. Emits IntentEnded, MoneyReceived. Locks the presale order.
    """
    row = lock_presale(merchant_id=merchant_id, presale_id=presale_id)
    _, amount = _deposit(row, now) if part == "deposit" else _balance(row, now)
    document = contracts.document_of(order_id=row.order_id)
    for intent in payments.intents_of(merchant_id=merchant_id, document=document):
        if intent.state != "open":
            continue
        codes = {tender.account_code for tender in intent.tenders}
        if codes == {account_code} and intent.amount_minor == amount and now < intent.expires_at:
            return intent
        payments.cancel_intent(
            merchant_id=merchant_id,
            intent_id=intent.id,
            reason="the buyer pays another way",
            now=now,
        )
    return ask_payment(
        merchant_id=merchant_id,
        presale_id=presale_id,
        part=part,
        key=key,
        tenders=[payments.NewTender(account_code=account_code, amount_minor=amount, way="page")],
        return_url=return_url,
        now=now,
    )


def _deposit(row: Presale, now: datetime) -> tuple[datetime, int]:
    if row.state != "asked":
        raise PresalePassed(presale_id=str(row.id), state=row.state)
    if now >= row.deposit_by:
        raise DepositOver(deposit_by=row.deposit_by.isoformat())
    paid = _order_of(row).paid_minor
    if paid >= row.deposit_minor:
        raise PresalePassed(presale_id=str(row.id), state="deposit_paid")
    return row.deposit_by, row.deposit_minor - paid


def _balance(row: Presale, now: datetime) -> tuple[datetime, int]:
    if row.state != "deposit_paid":
        raise PresalePassed(presale_id=str(row.id), state=row.state)
    if not row.balance_from <= now < row.balance_until:
        raise BalanceNotOpen(
            balance_from=row.balance_from.isoformat(), balance_until=row.balance_until.isoformat()
        )
    order = _order_of(row)
    disputes = payments.disputes_of(
        merchant_id=row.merchant_id, document=contracts.document_of(order_id=row.order_id)
    )
    if any(each.state != "won" for each in disputes):
        raise DepositDisputed(presale_id=str(row.id))
    if order.state != "placed":
        raise PresalePassed(presale_id=str(row.id), state=order.state)
    return row.balance_until, order.total_minor - order.paid_minor


def _order_of(row: Presale) -> orders.Order:
    return orders.order_by_id(merchant_id=row.merchant_id, order_id=row.order_id)
