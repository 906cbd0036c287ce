"""How a buyer can pay by telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from santong.payments import public as payments

# Methods that a buyer pays by with a telephone, wherever they are.
BY_TELEPHONE: Final = frozenset({"wechat_pay", "alipay"})


@dataclass(frozen=True, slots=True, kw_only=True)
class WaysToPay:
    """Accounts that can be chosen, and where an open payment goes on: its page or its code."""

    accounts: Sequence[payments.PaymentAccount]
    payload: str
    is_asked: bool


def ways_to_pay(*, merchant_id: int, currency: str, document: str) -> WaysToPay:
    """What can be chosen now, or what was asked already and goes on."""
    asked = [
        tender
        for intent in payments.intents_of(merchant_id=merchant_id, document=document)
        if intent.state == "open"
        for tender in intent.tenders
        if tender.state in {"asked", "waiting"}
    ]
    accounts = accounts_by_telephone(merchant_id=merchant_id, currency=currency)
    payload = next((tender.payload for tender in asked if tender.payload), "")
    return WaysToPay(accounts=accounts, payload=payload, is_asked=bool(asked))


def accounts_by_telephone(*, merchant_id: int, currency: str) -> list[payments.PaymentAccount]:
    """Accounts to which a buyer can pay by telephone."""
    return [
        each
        for each in payments.payment_accounts(merchant_id=merchant_id)
        if each.is_open and each.currency == currency and each.method in BY_TELEPHONE
    ]
