"""A receiver of webhooks on this machine, that does as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Got:
    """One request."""

    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Keeps what it gets; `answers` says with which status."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: Callable[[Got], int] = lambda _got: 204

    def numbers(self) -> list[int]:
        """The numbers of what it took, in the order in which they came."""
        return [int(each.event["sequence"]) for each in self.got]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver while the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got = Got({name.lower(): value for name, value in self.headers.items()}, body)
            status = receiver.answers(got)
            if status == 0:
                self.connection.close()
                return
            if 200 <= status < 300:
                receiver.got.append(got)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.send_header("Location", receiver.url)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests read what was got, not a log."""

    server = _Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
