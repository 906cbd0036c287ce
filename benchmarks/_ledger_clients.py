"""What the clients of the ledger do."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import _clients
from _clients import THREADS, Done, Run
from _ledger_accounts import ASSET, Members


@dataclass(frozen=True, slots=True)
class Task:
    """What the clients are to do: each for some seconds, or all together so many times."""

    kind: str
    members: Members
    seed: int
    seconds: float = 0.0
    times: int = 0


@contextmanager
def clients(*, threads: int = THREADS) -> Iterator[Run]:
    """Processes that wait for work."""
    doors = ("santong.payments.public",)
    with _clients.clients(_work, doors=doors, threads=threads) as run:
        yield run


def _work(task: Task) -> Done:
    """One client, until its time is over."""
    from santong.kernel import tenancy  # noqa: PLC0415  Django is set up now
    from santong.payments import public as ledger  # noqa: PLC0415

    client = _Client(task, ledger, tenancy)
    act: Callable[[], int] = {"spend": client.spend, "transfer": client.transfer}[task.kind]
    return _clients.until_done(task, act, refusals=(ledger.InsufficientBalance,))


@dataclass(slots=True)
class _Client:
    task: Task
    ledger: Any
    tenancy: Any
    number: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    dice: random.Random = field(init=False)
    name: str = field(init=False)
    redeemed: Any = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.task.seed)
        self.name = f"bench/{time.time_ns()}/{self.task.seed}"
        self.redeemed = self.ledger.AccountKey(ASSET, "redeemed", "brand:1")

    def spend(self) -> int:
        """One point of any member."""
        entry = self.ledger.NewEntry
        return self._post(entry(self._any(), -1), entry(self.redeemed, 1))

    def transfer(self) -> int:
        """One point from one member to another, in any direction."""
        giver = taker = self._any()
        while taker == giver:
            taker = self._any()
        return self._post(self.ledger.NewEntry(giver, -1), self.ledger.NewEntry(taker, 1))

    def _post(self, *entries: Any) -> int:
        self.number += 1
        merchant_id = self.task.members.merchant_id
        txn = self.ledger.NewTxn(
            key=f"{self.name}/{self.number}", kind="burn", entries=entries, occurred_at=self.now
        )
        with self.tenancy.scope(merchant_id=merchant_id):
            self.ledger.post(merchant_id=merchant_id, source="bench", txn=txn, now=self.now)
        return 1

    def _any(self) -> Any:
        members = self.task.members
        number = self.dice.randint(members.first, members.last)
        return self.ledger.AccountKey(ASSET, "available", f"member:{number}")
