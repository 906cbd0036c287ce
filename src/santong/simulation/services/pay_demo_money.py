from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from santong.kernel import tenancy
from santong.payments import public as payments
from santong.simulation.rules.demo.shape import CURRENCY

Clock = Callable[[], datetime]

WALLET, OTHER_WALLET = "simulated", "simulated-alipay"
BUYER_TAKES: Final = timedelta(minutes=2)
A_WHILE: Final = timedelta(minutes=5)
# Notes of a hundred yuan are handed over.
NOTE_MINOR: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked for a document, at which time, and in which parts.

    `series` sets keys apart of what is asked for other reasons.
    """

    document: str
    subject: str
    at: datetime
    tenders: tuple[payments.NewTender, ...]
    series: str = "demo"

    @property
    def amount_minor(self) -> int:
        return sum(tender.amount_minor for tender in self.tenders)


def pay_demo_money(
    *, merchant_id: int, asked: Sequence[Asked], clock: Clock
) -> list[payments.Intent]:
    """Ask for money, let buyers pay what waits for them, and take in what providers say; once.

    No scope is open. Emits MoneyReceived.
    """
    if not asked:
        return []
    opened = [_opened(merchant_id, each, clock()) for each in asked]
    payments.work_through(merchant_id=merchant_id, clock=clock)
    for each, intent in zip(asked, opened, strict=True):
        _let_pay(merchant_id, intent.id, each.at + BUYER_TAKES)
    payments.work_through(merchant_id=merchant_id, clock=clock)
    # Where nobody is told of payments, they are looked up after a while.
    payments.work_through(merchant_id=merchant_id, clock=lambda: clock() + A_WHILE)
    with tenancy.scope(merchant_id=merchant_id):
        return [
            payments.intent_by_id(merchant_id=merchant_id, intent_id=intent.id) for intent in opened
        ]


def let_demo_buyers_pay(*, merchant_id: int, intent_ids: Sequence[int], clock: Clock) -> None:
    """Buyers pay at once what was just asked of them; what is paid stays. No scope is open.

    Emits MoneyReceived.
    """
    payments.work_through(merchant_id=merchant_id, clock=clock)
    for intent_id in intent_ids:
        _let_pay(merchant_id, intent_id, clock())
    payments.work_through(merchant_id=merchant_id, clock=clock)
    payments.work_through(merchant_id=merchant_id, clock=lambda: clock() + A_WHILE)


def by_wallet(amount_minor: int, *, account: str = WALLET) -> payments.NewTender:
    """The buyer scans a code."""
    return payments.NewTender(account_code=account, amount_minor=amount_minor, way="qr")


def by_cash(amount_minor: int) -> payments.NewTender:
    """The buyer hands over notes, and has the change back."""
    tendered = -(-amount_minor // NOTE_MINOR) * NOTE_MINOR
    return payments.NewTender(
        account_code="cash",
        amount_minor=amount_minor,
        way="none",
        token=json.dumps({"till": "T1", "tendered_minor": tendered}),
        change_minor=tendered - amount_minor,
    )


def by_terminal(amount_minor: int, *, trace: str, at: datetime) -> payments.NewTender:
    """The shop's terminal has approved it."""
    said = {
        "terminal": "T0000017",
        "trace": trace,
        "approval": "A1B2C3",
        "tail": "0000",
        "amount_minor": amount_minor,
        "at": at.isoformat(),
    }
    return payments.NewTender(
        account_code="terminal",
        amount_minor=amount_minor,
        way="terminal",
        token=json.dumps(said),
    )


def by_card(account: str, amount_minor: int, *, token: str) -> payments.NewTender:
    """A card of ours is used: stored value, or a gift card."""
    return payments.NewTender(
        account_code=account, amount_minor=amount_minor, way="none", token=token
    )


def _opened(merchant_id: int, asked: Asked, now: datetime) -> payments.Intent:
    key = f"{asked.series}:{asked.document}"
    with tenancy.scope(merchant_id=merchant_id):
        there = payments.intent_by_key(merchant_id=merchant_id, key=key)
        return there or payments.open_intent(
            merchant_id=merchant_id,
            new=payments.NewIntent(
                key=key,
                document=asked.document,
                currency=CURRENCY,
                amount_minor=asked.amount_minor,
                subject=asked.subject,
                expires_at=now + timedelta(hours=1),
                tenders=asked.tenders,
            ),
            now=asked.at,
        )


def _let_pay(merchant_id: int, intent_id: int, at: datetime) -> None:
    with tenancy.scope(merchant_id=merchant_id):
        intent = payments.intent_by_id(merchant_id=merchant_id, intent_id=intent_id)
        for tender in intent.tenders:
            if tender.provider == "simulated" and tender.state == "waiting":
                payments.act_as_buyer(
                    merchant_id=merchant_id, reference=tender.reference, action="pay", now=at
                )
