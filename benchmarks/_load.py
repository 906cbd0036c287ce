"""Load over HTTP: a few keep-alive connections, each with one request on its way at a time.

It runs in a process of its own, so that its work is not counted as the server's.
"""

from __future__ import annotations

import http.client
import json
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Result:
    """What came back: how many of each status, how long they took, over how many seconds."""

    seconds: float
    milliseconds: list[float]
    count_by_status: dict[int, int]
    refusals: dict[str, int] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def post_all(
    *, port: int, path: str, token: str, bodies: list[bytes], connections: int, name: str
) -> Result:
    """Post every body once over some connections, in another process.

    The idempotency key of a body is `name` and its place.
    """
    parent, child = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(
        target=_run, args=(child, port, path, token, bodies, connections, name)
    )
    process.start()
    result: Result = parent.recv()
    process.join()
    return result


def _run(  # type: ignore[no-untyped-def]
    pipe, port: int, path: str, token: str, bodies: list[bytes], connections: int, name: str
) -> None:
    places = iter(range(len(bodies)))
    lock = threading.Lock()
    milliseconds: list[float] = []
    statuses: dict[int, int] = {}
    refusals: dict[str, int] = {}

    def next_place() -> int | None:
        with lock:
            return next(places, None)

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        while (place := next_place()) is not None:
            headers = {
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"{name}-{place}",
            }
            started = time.perf_counter()
            connection.request("POST", path, bodies[place], headers)
            response = connection.getresponse()
            body = response.read()
            took = (time.perf_counter() - started) * 1000
            with lock:
                milliseconds.append(took)
                statuses[response.status] = statuses.get(response.status, 0) + 1
                if response.status >= 400:
                    code = _code(body)
                    refusals[code] = refusals.get(code, 0) + 1
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(connections)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    pipe.send(Result(time.perf_counter() - started, milliseconds, statuses, refusals))


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("code", "unknown"))
    except ValueError:
        return "not json"


def cpu_seconds(pids: Callable[[], list[int]] | list[int]) -> float:
    """User and system time of processes and of their ended children."""
    ticks = 0
    for pid in pids() if callable(pids) else pids:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(int(value) for value in stat[11:15])
    return ticks / 100


def descendants(pid: int) -> Iterator[int]:
    """A process and all that it started."""
    yield pid
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        children = {
            int(child) for task in tasks for child in (task / "children").read_text().split()
        }
    except OSError:
        return
    for child in sorted(children):
        yield from descendants(child)
