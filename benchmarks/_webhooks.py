"""Webhooks fanned out: how old messages are when they arrive, with one receiver that is dead.

    .venv/bin/python benchmarks/_webhooks.py [--events N] [--subscribers N] [--per-second N]

Twenty receivers of one merchant, one of whom answers nothing, hear of one topic. Events come at a
steady rate; each message's lag is from its row to its receipt. The same once more without the dead
one: what it costs the others is the difference.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from _product import installed

TOPIC = "santong.stock.counted.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fanned:
    """What came of it."""

    delivered: int
    wanted: int
    lag_p50_ms: float
    lag_p95_ms: float
    lag_max_ms: float
    per_second: float


@dataclass
class _Receivers:
    """One process's sockets: each says 204 to whatever comes, and counts how late it was."""

    lags_ms: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, body: bytes) -> None:
        at = datetime.fromisoformat(json.loads(body)["time"])
        late = (datetime.now(UTC) - at).total_seconds() * 1_000
        with self.lock:
            self.lags_ms.append(late)


def fan_out(
    *, merchant_id: int, events: int, subscribers: int, with_dead: bool, per_second: float
) -> Fanned:
    """Send so many events at this rate to so many receivers, and wait until all have come.

    The product has to be set up (`_product.installed`), and may call this machine.
    """
    from santong.kernel import tenancy  # noqa: PLC0415  the settings stand from here
    from santong.messaging import public as messaging  # noqa: PLC0415
    from santong.messaging.senders.rounds import going_round  # noqa: PLC0415
    from santong.messaging.services.note_message import note_message  # noqa: PLC0415

    living = subscribers - 1 if with_dead else subscribers
    with _listening() as (receivers, port), _silent() as dead_port:
        ports = [port] * living + [dead_port] * with_dead
        for number, each in enumerate(ports):
            with tenancy.scope(merchant_id=merchant_id):
                messaging.create_webhook(
                    merchant_id=merchant_id,
                    wanted=messaging.NewEndpoint(
                        name=f"receiver {number}",
                        url=f"http://127.0.0.1:{each}/{number}",
                        topics=(TOPIC,),
                    ),
                    now=datetime.now(UTC),
                )
        began = time.monotonic()
        with going_round():
            for number in range(events):
                pause = began + number / per_second - time.monotonic()
                if pause > 0:
                    time.sleep(pause)
                with tenancy.scope(merchant_id=merchant_id):
                    note_message(
                        merchant_id=merchant_id,
                        topic=TOPIC,
                        key=f"location_id:{number % 200}",
                        content={"location_id": str(number % 200), "skus": []},
                        now=datetime.now(UTC),
                    )
            wanted = events * living
            gives_up_at = time.monotonic() + 60 + wanted / 50
            while len(receivers.lags_ms) < wanted and time.monotonic() < gives_up_at:
                time.sleep(0.05)
            took = time.monotonic() - began
        lags = sorted(receivers.lags_ms)
    return Fanned(
        delivered=len(lags),
        wanted=wanted,
        lag_p50_ms=round(statistics.median(lags), 1),
        lag_p95_ms=round(lags[int(len(lags) * 0.95)], 1),
        lag_max_ms=round(lags[-1], 1),
        per_second=round(len(lags) / took, 1),
    )


def measure(*, events: int, subscribers: int, per_second: float) -> dict[str, Any]:
    """Both runs, each on a merchant of its own; `webhook_lag_p95_ms_with_dead_peer` and others."""
    from django.conf import settings  # noqa: PLC0415

    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]
    runs = {
        name: fan_out(
            merchant_id=_merchant(f"webhooks-{name}"),
            events=events,
            subscribers=subscribers,
            with_dead=name == "dead",
            per_second=per_second,
        )
        for name in ("well", "dead")
    }
    dead, well = runs["dead"], runs["well"]
    return {
        "webhook_lag_p95_ms_with_dead_peer": dead.lag_p95_ms,
        "webhook_lag_p95_ms_without": well.lag_p95_ms,
        "webhook_lag_p50_ms_with_dead_peer": dead.lag_p50_ms,
        "webhook_lag_p50_ms_without": well.lag_p50_ms,
        "webhook_deliveries_per_s_with_dead_peer": dead.per_second,
        "webhook_deliveries_per_s_without": well.per_second,
        "webhook_missing": (dead.wanted - dead.delivered) + (well.wanted - well.delivered),
    }


def _merchant(code: str) -> int:
    from santong.kernel import cells, tenancy  # noqa: PLC0415
    from santong.merchants import public as merchants  # noqa: PLC0415

    (cell, *_) = cells.all_cells()
    merchant_id = cells.register_merchant(code=code, cell=cell)
    with tenancy.scope(merchant_id=merchant_id):
        merchants.open_merchant(
            merchant_id=merchant_id, code=code, name=code, now=datetime.now(UTC)
        )
    return merchant_id


@contextmanager
def _listening() -> Iterator[tuple[_Receivers, int]]:
    """A receiver that answers at once: plain sockets, so that it costs the sender little."""
    receivers = _Receivers()
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as server:
        is_over = threading.Event()

        def serve() -> None:
            while not is_over.is_set():
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    _answer(line, receivers)

        threads = [threading.Thread(target=serve, daemon=True) for _ in range(8)]
        for thread in threads:
            thread.start()
        try:
            yield receivers, server.getsockname()[1]
        finally:
            is_over.set()
            server.shutdown(socket.SHUT_RDWR)


def _answer(line: socket.socket, receivers: _Receivers) -> None:
    got = b""
    while b"\r\n\r\n" not in got:
        part = line.recv(65_536)
        if not part:
            return
        got += part
    head, _, body = got.partition(b"\r\n\r\n")
    length = next(
        int(row.split(b":")[1])
        for row in head.split(b"\r\n")
        if row.lower().startswith(b"content-length:")
    )
    while len(body) < length:
        body += line.recv(65_536)
    receivers.took(body)
    line.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")


@contextmanager
def _silent() -> Iterator[int]:
    """One that takes connections and says nothing, ever: the worst way to be dead."""
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as server:
        yield server.getsockname()[1]


def main(arguments: Sequence[str]) -> int:
    """Measure, and print one line of JSON."""
    parser = argparse.ArgumentParser(prog="_webhooks.py", description=__doc__)
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--subscribers", type=int, default=20)
    parser.add_argument("--per-second", type=float, default=8.0)
    asked = parser.parse_args(arguments)
    with installed():
        found = measure(
            events=asked.events, subscribers=asked.subscribers, per_second=asked.per_second
        )
    sys.stdout.write(json.dumps(found) + "\n")
    return 1 if found["webhook_missing"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
