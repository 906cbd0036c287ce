"""Buyers who pay: each payment is asked for, and then seen to have been paid."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import _clients
from _clients import Done, Run
from _money_merchant import ACCOUNT, CURRENCY, FEE_PER_MILLION

LEAST_MINOR, MOST_MINOR = 1_000, 99_999


@dataclass(frozen=True, slots=True)
class Task:
    """What the clients are to do: each for some seconds."""

    merchant_id: int
    seed: int
    seconds: float = 0.0
    times: int = 0


@contextmanager
def buyers() -> Iterator[Run]:
    """Processes that wait for work."""
    doors = ("santong.payments.public", "santong.payments.services.see_payment")
    with _clients.clients(_work, doors=doors) as run:
        yield run


def _work(task: Task) -> Done:
    """One client, until its time is over."""
    from santong.kernel import tenancy  # noqa: PLC0415  Django is set up now
    from santong.payments import public as payments  # noqa: PLC0415
    from santong.payments.services.see_payment import see_payment  # noqa: PLC0415

    return _clients.until_done(task, _Client(task, payments, see_payment, tenancy).pay, refusals=())


@dataclass(slots=True)
class _Client:
    task: Task
    payments: Any
    see_payment: Any
    tenancy: Any
    number: int = 0
    dice: random.Random = field(init=False)
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.task.seed)
        self.name = f"{time.time_ns()}-{self.task.seed}"

    def pay(self) -> int:
        """A payment for a document of its own: what is asked for, and what a notice tells."""
        self.number += 1
        amount = self.dice.randint(LEAST_MINOR, MOST_MINOR)
        now = datetime.now(UTC)
        tender = self._ask(amount, now).tenders[0]
        seen = self.payments.Seen(
            state="paid",
            their_reference=f"sp{tender.reference}",
            amount_minor=amount,
            fee_minor=amount * FEE_PER_MILLION // 1_000_000,
            at=now,
        )
        with self.tenancy.scope(merchant_id=self.task.merchant_id):
            self.see_payment(
                merchant_id=self.task.merchant_id, reference=tender.reference, seen=seen, now=now
            )
        return 1

    def _ask(self, amount: int, now: datetime) -> Any:
        document = f"order:{self.name}-{self.number}"
        new = self.payments.NewIntent(
            key=document,
            document=document,
            currency=CURRENCY,
            amount_minor=amount,
            subject="羊绒大衣",
            expires_at=now + timedelta(hours=1),
            tenders=(self.payments.NewTender(account_code=ACCOUNT, amount_minor=amount),),
        )
        with self.tenancy.scope(merchant_id=self.task.merchant_id):
            return self.payments.open_intent(merchant_id=self.task.merchant_id, new=new, now=now)
