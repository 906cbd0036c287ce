"""Accounts at providers for tests, and a clock that stands until it is moved."""

from __future__ import annotations

import itertools
import json
from datetime import datetime, timedelta
from typing import Any

from santong.kernel import tenancy
from santong.payments.contracts.providers import Access, Ask, RefundAsk, TransferAsk
from santong.payments.providers.simulated import Simulated
from santong.payments.selectors.simulated.books import balance_at_provider, check_books
from santong.payments.tests.factories import NOW

SECRET = "a secret of nobody"
NOTIFY_URL = "http://127.0.0.1:9/notify"

_numbers = itertools.count(1)


class Clock:
    """Says the time that it was set to."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: int) -> None:
        self.now += timedelta(**by)


def make_simulated(clock: Clock) -> Simulated:
    """The simulated provider by this clock; its pages are numbered."""
    return Simulated(clock=clock, new_token=lambda: f"page{next(_numbers)}")


def make_access(merchant_id: int, *, notify_url: str = NOTIFY_URL, **settings: str) -> Access:
    return Access(
        merchant_id=merchant_id,
        account_code="main",
        currency="CNY",
        settings=settings,
        secrets={"secret": SECRET},
        notify_url=notify_url,
    )


def make_ask(reference: str = "", **given: Any) -> Ask:
    values: dict[str, Any] = {
        "reference": reference or new_reference(),
        "amount_minor": 12_900,
        "subject": "order 17",
        "way": "qr",
        "expires_at": NOW + timedelta(minutes=15),
    }
    return Ask(**{**values, **given})


def make_refund(payment: Ask, amount_minor: int, **given: Any) -> RefundAsk:
    values: dict[str, Any] = {
        "reference": new_reference(),
        "payment_reference": payment.reference,
        "their_payment_reference": "",
        "amount_minor": amount_minor,
        "paid_minor": payment.amount_minor,
        "reason": "returned",
    }
    return RefundAsk(**{**values, **given})


def make_transfer(amount_minor: int, **given: Any) -> TransferAsk:
    values: dict[str, Any] = {
        "reference": new_reference(),
        "receiver": "dealer-7",
        "amount_minor": amount_minor,
        "reason": "share",
    }
    return TransferAsk(**{**values, **given})


def terminal_token(**given: Any) -> str:
    values = {
        "terminal": "T0000017",
        "trace": f"{next(_numbers):06}",
        "approval": "A1B2C3",
        "tail": "1111",
        "amount_minor": 12_900,
        "at": NOW.isoformat(),
    }
    return json.dumps({**values, **given})


def new_reference() -> str:
    return f"R{next(_numbers)}"


def balance_there(access: Access) -> int:
    """What is in the account at the simulated provider, whose books add up."""
    with tenancy.scope(merchant_id=access.merchant_id):
        assert check_books(merchant_id=access.merchant_id) == []
        return balance_at_provider(merchant_id=access.merchant_id, account_code=access.account_code)
