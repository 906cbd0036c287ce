"""What the clients of `reserve` do."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import _clients
from _clients import CLIENTS, Done, Run
from _reserve_limit import Stock

__all__ = ["BATCH", "CLIENTS", "Done", "Run", "Task", "clients"]

BATCH = 250


@dataclass(frozen=True, slots=True)
class Task:
    """What the clients are to do: each for some seconds, or all together so many times."""

    kind: str
    stock: Stock
    seed: int
    seconds: float = 0.0
    times: int = 0


@contextmanager
def clients() -> Iterator[Run]:
    """Processes that wait for work."""
    with _clients.clients(_work, doors=("santong.inventory.public",)) as run:
        yield run


def _work(task: Task) -> Done:
    """One client, until its time is over."""
    from santong.inventory import public as inventory  # noqa: PLC0415  Django is set up now
    from santong.kernel import tenancy  # noqa: PLC0415

    client = _Client(task, inventory, tenancy)
    act: Callable[[], int] = {
        "single": lambda: client.reserve(lines=1),
        "crossed": lambda: client.reserve(lines=2),
        "batch": client.batch,
    }[task.kind]
    return _clients.until_done(task, act, refusals=(inventory.InsufficientStock,))


@dataclass(slots=True)
class _Client:
    task: Task
    inventory: Any
    tenancy: Any
    number: int = 0
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    dice: random.Random = field(init=False)
    later: datetime = field(init=False)
    name: str = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.task.seed)
        self.later = self.now + timedelta(hours=1)
        self.name = f"bench/{time.time_ns()}/{self.task.seed}"

    def reserve(self, *, lines: int) -> int:
        """One order: a unit of each of its lines, or nothing."""
        self.number += 1
        with self.tenancy.scope(merchant_id=self.task.stock.merchant_id):
            self.inventory.reserve(
                merchant_id=self.task.stock.merchant_id,
                holder=f"{self.name}/{self.number}",
                lines=[self._line(line_id) for line_id in range(lines)],
                expires_at=self.later,
                now=self.now,
            )
        return 1

    def batch(self) -> int:
        """Many claims of one unit, served with one write."""
        self.number += 1
        claims = [
            self.inventory.Claim(
                holder=f"{self.name}/{self.number}/{place}", lines=(self._line(0),)
            )
            for place in range(BATCH)
        ]
        with self.tenancy.scope(merchant_id=self.task.stock.merchant_id):
            results = self.inventory.reserve_batch(
                merchant_id=self.task.stock.merchant_id,
                claims=claims,
                expires_at=self.later,
                now=self.now,
            )
        return sum(bool(each.reservations) for each in results)

    def _line(self, line_id: int) -> Any:
        stock = self.task.stock
        return self.inventory.ReserveLine(
            location_id=self.dice.randint(stock.first_location, stock.last_location),
            sku_id=self.dice.randint(stock.first_sku, stock.last_sku),
            quantity=1,
            line_id=line_id,
        )
