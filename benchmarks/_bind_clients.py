"""Shoppers' questions through the Python API: a few processes of a few threads."""

from __future__ import annotations

import multiprocessing
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from _bind_base import SHOP, Base

PROCESSES, THREADS = 2, 8
CLIENTS = PROCESSES * THREADS


@dataclass(frozen=True, slots=True)
class Task:
    """What one client asks, and for how long."""

    base: Base
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Asked:
    """How long answers took, and how many of each kind there were."""

    milliseconds: list[float]
    kinds: dict[str, int]


def ask(base: Base, *, seconds: float) -> Asked:
    """Sixteen clients ask at the same time."""
    context = multiprocessing.get_context("spawn")
    tasks = [Task(base, seed=number * THREADS, seconds=seconds) for number in range(PROCESSES)]
    with context.Pool(PROCESSES) as processes:
        return _sum(processes.map(_process, tasks))


def _process(task: Task) -> Asked:
    import django  # noqa: PLC0415  a process of its own begins here

    django.setup()
    with ThreadPoolExecutor(THREADS) as threads:
        tasks = [replace(task, seed=task.seed + number) for number in range(THREADS)]
        return _sum(list(threads.map(_client, tasks)))


def _client(task: Task) -> Asked:
    from santong.kernel import tenancy  # noqa: PLC0415  Django is set up now
    from santong.membership import public as membership  # noqa: PLC0415

    dice = random.Random(task.seed)
    milliseconds: list[float] = []
    kinds: dict[str, int] = {}
    started = time.perf_counter()
    while (began := time.perf_counter()) < started + task.seconds:
        # One in ten is a stranger.
        place = dice.randrange(task.base.members * 10 // 9)
        with tenancy.scope(merchant_id=task.base.merchant_id):
            answer = membership.bind_query(
                merchant_id=task.base.merchant_id,
                storefront_code=SHOP,
                phone=task.base.phone(place),
                now=datetime.now(UTC),
            )
        milliseconds.append((time.perf_counter() - began) * 1000)
        kinds[answer.kind] = kinds.get(answer.kind, 0) + 1
    return Asked(milliseconds, kinds)


def _sum(parts: list[Asked]) -> Asked:
    kinds: dict[str, int] = {}
    for part in parts:
        for kind, count in part.kinds.items():
            kinds[kind] = kinds.get(kind, 0) + count
    return Asked([each for part in parts for each in part.milliseconds], kinds)
