"""Load over HTTP: a few keep-alive connections, each with one request on its way at a time.

It runs in a process of its own, so that its work is not counted as the server's.
"""

from __future__ import annotations

import json
import multiprocessing
import re
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Result:
    """What came back: how many of each status, how long they took, over how many seconds."""

    seconds: float
    milliseconds: list[float]
    count_by_status: dict[int, int]
    refusals: dict[str, int] = field(default_factory=dict)
    # What answers of a marketplace's kind say, who always get HTTP 200.
    count_by_mark: dict[str, int] = field(default_factory=dict)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)] if ordered else 0.0


def post_all(
    *, port: int, path: str, token: str, bodies: list[bytes], connections: int, name: str
) -> Result:
    """Post every body once over some connections, in another process.

    The idempotency key of a body is `name` and its place.
    """
    return _elsewhere(_run, port, path, token, bodies, connections, name)


def send_all(*, port: int, requests: list[bytes], connections: int) -> Result:
    """Send requests as they are, each once, over some connections, in another process."""
    return _elsewhere(_run_as_they_are, port, requests, connections)


def _elsewhere(target: Callable[..., None], *arguments: Any) -> Result:
    parent, child = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=target, args=(child, *arguments))
    process.start()
    child.close()  # else nobody would notice that the load has ended without a result
    try:
        result: Result = parent.recv()
    except EOFError:
        raise SystemExit("the load ended without a result") from None
    process.join()
    return result


def _run(  # type: ignore[no-untyped-def]
    pipe, port: int, path: str, token: str, bodies: list[bytes], connections: int, name: str
) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
    requests = [
        f"{head}Content-Type: application/json\r\nIdempotency-Key: {name}-{place}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n".encode()
        + body
        for place, body in enumerate(bodies)
    ]
    pipe.send(_send_all(port, requests, connections))


def _run_as_they_are(  # type: ignore[no-untyped-def]
    pipe, port: int, requests: list[bytes], connections: int
) -> None:
    pipe.send(_send_all(port, requests, connections))


@dataclass(slots=True)
class _Call:
    """One request on its way, and what has come back of it."""

    began: float
    received: bytearray = field(default_factory=bytearray)


def _send_all(port: int, requests: list[bytes], connections: int) -> Result:
    """One thread waits for all connections: threads of Python would share two processors badly."""
    waiting = deque(requests)
    milliseconds: list[float] = []
    statuses: Counter[int] = Counter()
    refusals: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    selector = selectors.DefaultSelector()
    for _ in range(min(connections, len(requests))):
        wire = socket.create_connection(("127.0.0.1", port), timeout=120)
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(wire, selectors.EVENT_READ, _Call(0.0))
    started = time.perf_counter()
    for key in list(selector.get_map().values()):
        _begin(key, waiting)
    while selector.get_map():
        ready = selector.select(timeout=120)
        if not ready:
            raise SystemExit("no answer within two minutes")
        for key, _ in ready:
            call: _Call = key.data
            chunk = key.fileobj.recv(65_536)  # type: ignore[union-attr]
            if not chunk:
                raise SystemExit(f"the server closed a connection after {call.received!r}")
            call.received += chunk
            answer = _answer_in(call.received)
            if answer is None:
                continue
            status, body = answer
            milliseconds.append((time.perf_counter() - call.began) * 1000)
            statuses[status] += 1
            if status >= BAD_REQUEST:
                refusals[_code(body)] += 1
            marks.update(_marks(body))
            if waiting:
                _begin(key, waiting)
            else:
                selector.unregister(key.fileobj)
                key.fileobj.close()  # type: ignore[union-attr]
    seconds = time.perf_counter() - started
    return Result(seconds, milliseconds, dict(statuses), dict(refusals), dict(marks))


def _begin(key: selectors.SelectorKey, waiting: deque[bytes]) -> None:
    key.data.received.clear()
    key.data.began = time.perf_counter()
    key.fileobj.sendall(waiting.popleft())  # type: ignore[union-attr]


def _answer_in(received: bytearray) -> tuple[int, bytes] | None:
    """Status and body, once all of it is there. Every answer of the server says how long it is."""
    end = received.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = re.search(rb"\r\ncontent-length: *(\d+)", bytes(received[:end]).lower())
    if length is None:
        raise SystemExit(f"an answer without its length: {bytes(received[:end])!r}")
    body = bytes(received[end + 4 :])
    if len(body) < int(length[1]):
        return None
    return int(received[9:12]), body


def _code(body: bytes) -> str:
    try:
        return str(json.loads(body).get("code", "unknown"))
    except ValueError:
        return "not json"


def _marks(body: bytes) -> list[str]:
    """What an answer to a bind or a stock query says; of other answers nothing."""
    if b'"quantity_detail"' in body:
        return ["on_hand"]
    if b'"error_response"' in body:
        return [str(json.loads(body)["error_response"]["sub_code"])]
    if b'"bindable"' not in body:
        return []
    said = json.loads(body)
    return ["bindable" if said["bindable"] else str(said.get("bind_code"))]


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
