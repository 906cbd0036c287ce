"""Clients of the Python API: a few processes of a few threads, as the product's workers are."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from typing import Any

from _reserve_limit import Stock

PROCESSES, THREADS = 2, 8
CLIENTS = PROCESSES * THREADS
BATCH = 250


@dataclass(frozen=True, slots=True)
class Task:
    """What the clients are to do: each for some seconds, or all together so many times."""

    kind: str
    stock: Stock
    seed: int
    seconds: float = 0.0
    times: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What clients did: how many were served and refused, in how much processor time."""

    served: int
    refused: int
    errors: tuple[str, ...]
    cpu_seconds: float = 0.0


Run = Callable[[Task], Done]


@contextmanager
def clients() -> Iterator[Run]:
    """Processes that wait for work, each with threads that have a connection of their own."""
    context = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    processes = []
    for _ in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)

    def run(task: Task) -> Done:
        for number, pipe in enumerate(pipes):
            pipe.send(replace(task, seed=(task.seed * PROCESSES + number) * THREADS))
        return _sum([pipe.recv() for pipe in pipes])

    try:
        yield run
    finally:
        for pipe in pipes:
            pipe.send(None)
        for process in processes:
            process.join(10)
            if process.is_alive():
                process.kill()


def _serve(pipe: Connection) -> None:
    import django  # noqa: PLC0415  a process of its own begins here

    django.setup()
    from santong.inventory import public  # noqa: F401, PLC0415  as the server has it when it settles
    from santong.kernel.settled import settle  # noqa: PLC0415

    settle()  # as the server's processes do
    with ThreadPoolExecutor(THREADS) as threads:
        while (task := pipe.recv()) is not None:
            before = time.process_time()
            done = _sum(list(threads.map(_work, _parts(task))))
            pipe.send(replace(done, cpu_seconds=time.process_time() - before))


def _parts(task: Task) -> list[Task]:
    """One for each thread; what does not divide evenly goes to the first clients."""
    seeds = range(task.seed, task.seed + THREADS)
    return [
        replace(task, seed=seed, times=(task.times + CLIENTS - 1 - seed % CLIENTS) // CLIENTS)
        for seed in seeds
    ]


def _sum(parts: list[Done]) -> Done:
    return Done(
        served=sum(part.served for part in parts),
        refused=sum(part.refused for part in parts),
        errors=tuple(error for part in parts for error in part.errors),
        cpu_seconds=sum(part.cpu_seconds for part in parts),
    )


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
    served = refused = 0
    errors: list[str] = []
    until = time.perf_counter() + task.seconds
    while client.number < task.times or time.perf_counter() < until:
        client.number += 1
        try:
            served += act()
        except inventory.InsufficientStock:
            refused += 1
        except Exception as failure:  # noqa: BLE001  the report names it
            errors.append(f"{type(failure).__name__}: {failure}")
            time.sleep(0.1)
    return Done(served, refused, tuple(errors))


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
