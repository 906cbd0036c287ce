"""Members who claim: two processes of sixteen threads, each thread with a connection of its own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection

PROCESSES, THREADS = 2, 16
CLIENTS = PROCESSES * THREADS
# Each claimer is a member whom nobody else is.
MEMBERS_EACH = 10_000_000


@dataclass(frozen=True, slots=True)
class Task:
    """What the clients are to claim: each for some seconds, or all together so many times."""

    merchant_id: int
    batch_id: int
    turn: int
    client: int = 0
    seconds: float = 0.0
    times: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """What clients got, how long each claim took, in how much processor time."""

    claimed: int
    refused: int
    errors: tuple[str, ...]
    milliseconds: tuple[float, ...]
    cpu_seconds: float = 0.0

    def percentile(self, part: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


Run = Callable[[Task], Done]


@contextmanager
def claimers() -> Iterator[Run]:
    """Processes that wait for work until the block ends."""
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
            pipe.send(replace(task, client=number * THREADS))
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
    from santong.benefits import public  # noqa: F401, PLC0415  as the server has it when it settles
    from santong.kernel.settled import settle  # noqa: PLC0415

    settle()  # as the server's processes do
    with ThreadPoolExecutor(THREADS) as threads:
        while (task := pipe.recv()) is not None:
            before = time.process_time()
            parts = [replace(task, client=task.client + thread) for thread in range(THREADS)]
            done = _sum(list(threads.map(_work, parts)))
            pipe.send(replace(done, cpu_seconds=time.process_time() - before))


def _sum(parts: list[Done]) -> Done:
    return Done(
        claimed=sum(part.claimed for part in parts),
        refused=sum(part.refused for part in parts),
        errors=tuple(error for part in parts for error in part.errors),
        milliseconds=tuple(each for part in parts for each in part.milliseconds),
        cpu_seconds=sum(part.cpu_seconds for part in parts),
    )


def _work(task: Task) -> Done:
    """One client, until its time is over: one member after the other claims a coupon."""
    from santong.benefits import public as benefits  # noqa: PLC0415  Django is set up now
    from santong.kernel import tenancy  # noqa: PLC0415

    claimed = refused = number = 0
    errors: list[str] = []
    took: list[float] = []
    times = (task.times + CLIENTS - 1 - task.client) // CLIENTS
    name = f"{task.turn}/{task.client}/{time.time_ns()}"
    first_member = (task.turn * CLIENTS + task.client + 1) * MEMBERS_EACH
    now = datetime.now(UTC)
    until = time.perf_counter() + task.seconds
    while number < times or time.perf_counter() < until:
        number += 1
        began = time.perf_counter()
        try:
            with tenancy.scope(merchant_id=task.merchant_id):
                benefits.claim(
                    merchant_id=task.merchant_id,
                    batch_id=task.batch_id,
                    member_id=first_member + number,
                    channel="online",
                    key=f"{name}/{number}",
                    now=now,
                )
            claimed += 1
        except benefits.LimitReached:
            refused += 1
        except Exception as failure:  # noqa: BLE001  the report names it
            errors.append(f"{type(failure).__name__}: {failure}")
            time.sleep(0.1)
        took.append((time.perf_counter() - began) * 1_000)
    return Done(claimed, refused, tuple(errors), tuple(took))
