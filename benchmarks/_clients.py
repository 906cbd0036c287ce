"""Clients of the Python API: a few processes of a few threads, as the product's workers are."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

PROCESSES, THREADS = 2, 8
CLIENTS = PROCESSES * THREADS


@dataclass(frozen=True, slots=True)
class Done:
    """What clients did: how many were served and refused, in how much processor time."""

    served: int
    refused: int
    errors: tuple[str, ...]
    cpu_seconds: float = 0.0


# A task says for how many seconds each client works, or how many times all of them together; its
# `seed` is another one for each client.
Run = Callable[[Any], Done]
Work = Callable[[Any], Done]


@contextmanager
def clients(work: Work, *, doors: tuple[str, ...], threads: int = THREADS) -> Iterator[Run]:
    """Processes that wait for work, each with threads that have a connection of their own.

    `doors` are imported before anything is measured, as the server has them when it settles.
    """
    context = multiprocessing.get_context("spawn")
    pipes: list[Connection] = []
    processes = []
    for _ in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, work, doors, threads), daemon=True)
        process.start()
        pipes.append(ours)
        processes.append(process)

    def run(task: Any) -> Done:
        for number, pipe in enumerate(pipes):
            pipe.send(replace(task, seed=(task.seed * PROCESSES + number) * threads))
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


def until_done(task: Any, act: Callable[[], int], *, refusals: tuple[type[Exception], ...]) -> Done:
    """One client, until its time is over."""
    served = refused = number = 0
    errors: list[str] = []
    until = time.perf_counter() + task.seconds
    while number < task.times or time.perf_counter() < until:
        number += 1
        try:
            served += act()
        except refusals:
            refused += 1
        except Exception as failure:  # noqa: BLE001  the report names it
            errors.append(f"{type(failure).__name__}: {failure}")
            time.sleep(0.1)
    return Done(served, refused, tuple(errors))


def _serve(pipe: Connection, work: Work, doors: tuple[str, ...], threads: int) -> None:
    import importlib  # noqa: PLC0415  a process of its own begins here

    import django  # noqa: PLC0415

    django.setup()
    for door in doors:
        importlib.import_module(door)
    from santong.kernel.settled import settle  # noqa: PLC0415

    settle()  # as the server's processes do
    with ThreadPoolExecutor(threads) as pool:
        while (task := pipe.recv()) is not None:
            before = time.process_time()
            done = _sum(list(pool.map(work, _parts(task, threads))))
            pipe.send(replace(done, cpu_seconds=time.process_time() - before))


def _parts(task: Any, threads: int) -> list[Any]:
    """One for each thread; what does not divide evenly goes to the first clients."""
    everybody = PROCESSES * threads
    seeds = range(task.seed, task.seed + threads)
    return [
        replace(task, seed=seed, times=(task.times + everybody - 1 - seed % everybody) // everybody)
        for seed in seeds
    ]


def _sum(parts: list[Done]) -> Done:
    return Done(
        served=sum(part.served for part in parts),
        refused=sum(part.refused for part in parts),
        errors=tuple(error for part in parts for error in part.errors),
        cpu_seconds=sum(part.cpu_seconds for part in parts),
    )
