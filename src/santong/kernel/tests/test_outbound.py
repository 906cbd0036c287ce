"""One HTTP request out: to addresses that are allowed, within its time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pytest_django.fixtures import Settings

from santong.kernel.outbound import Failed, call, post

# For how long a side keeps silent, or drips, before somebody who should have hung up.
LONGEST_SECONDS = 60.0
PAUSE_SECONDS = 0.1


@pytest.fixture
def _allowed(settings: Settings) -> None:
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]


@pytest.mark.usefixtures("_allowed")
def test_what_is_answered_comes_back() -> None:
    with listening("well") as (url, heard):
        answer = post(
            url=url + "?a=b",
            headers={"Content-Type": "application/json"},
            body=b'{"a": 1}',
            within_seconds=30,
        )

    assert (answer.status, answer.body) == (201, b"taken")
    assert heard == [("/here?a=b", b'{"a": 1}')]


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize(
    ("mood", "within_seconds", "code"),
    [("slow", 0.3, "too_slow"), ("gone", 30, "no_answer"), ("lost", 30, "no_answer")],
)
def test_no_answer_is_a_failure_that_says_why(mood: str, within_seconds: float, code: str) -> None:
    with listening(mood) as (url, _), pytest.raises(Failed) as failed:
        post(url=url, headers={}, body=b"{}", within_seconds=within_seconds)

    assert failed.value.code == code


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize("text", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_whoever_sends_a_byte_now_and_then_does_not_hold_the_line(text: bytes) -> None:
    with dripping(text) as side, pytest.raises(Failed) as failed:
        post(url=side.url, headers={}, body=b"", within_seconds=0.4)

    assert failed.value.code == "too_slow"
    assert side.was_hung_up_on


@pytest.mark.usefixtures("_allowed")
def test_an_answer_without_end_is_refused() -> None:
    with (
        dripping(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000) as side,
        pytest.raises(Failed) as failed,
    ):
        post(url=side.url, headers={}, body=b"", within_seconds=30)

    assert failed.value.code == "answer_too_large"
    assert side.was_hung_up_on


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/",
        "http://localhost:1/",
        "http://[::1]:1/",
        "http://[::ffff:127.0.0.1]:1/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/",
        "http://0.0.0.0/",
        "http://2130706433/",
    ],
)
def test_what_only_this_machine_can_reach_is_not_called(url: str) -> None:
    with pytest.raises(Failed) as failed:
        post(url=url, headers={}, body=b"", within_seconds=1)

    assert failed.value.code == "address_not_allowed"


@pytest.mark.usefixtures("_allowed")
def test_another_method_may_be_used_and_headers_come_back() -> None:
    with listening("well") as (url, heard):
        answer = call(method="GET", url=url, headers={}, body=b"", within_seconds=30)

    assert (answer.status, answer.headers["x-said"]) == (201, "so")
    assert heard == [("/here", b"")]


@pytest.mark.usefixtures("_allowed")
def test_no_more_is_taken_than_was_asked_for() -> None:
    with listening("well") as (url, _), pytest.raises(Failed) as failed:
        call(method="GET", url=url, headers={}, body=b"", within_seconds=30, most_bytes=4)

    assert failed.value.code == "answer_too_large"


@pytest.mark.usefixtures("_allowed")
def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Failed) as failed:
            post(url=f"http://127.0.0.1:{port}/", headers={}, body=b"", within_seconds=1)

    assert failed.value.code == "no_answer"


def test_an_address_that_nobody_typed_may_be_this_machine() -> None:
    with listening("well") as (url, heard):
        answer = post(
            url=url, headers={}, body=b"", within_seconds=30, also_allowed=["127.0.0.0/8"]
        )

    assert answer.status == 201
    assert len(heard) == 1


@contextmanager
def listening(mood: str) -> Iterator[tuple[str, list[tuple[str, bytes]]]]:
    """A side that hears and answers, too late, or never: where, and what it has heard."""
    heard: list[tuple[str, bytes]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            if mood == "gone":
                return
            heard.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            if mood == "lost":
                return
            if mood == "slow":
                self.connection.settimeout(LONGEST_SECONDS)
                with suppress(OSError):
                    self.rfile.read(1)
            self.send_response(201)
            self.send_header("Content-Length", "5")
            self.send_header("X-Said", "so")
            self.end_headers()
            self.wfile.write(b"taken")

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  as the library calls it
            """Tests ask what was heard."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/here", heard
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class Dripping:
    """A side that sends a letter now and then; whether the caller hung up before it had ended."""

    url: str
    was_hung_up_on: bool = False


@contextmanager
def dripping(text: bytes) -> Iterator[Dripping]:
    """A side that sends a text and then a letter every tenth of a second."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        side = Dripping(f"http://127.0.0.1:{server.getsockname()[1]}/")

        def drip() -> None:
            line, _ = server.accept()
            with line:
                try:
                    line.recv(4096)
                    line.sendall(text)
                    for _ in range(int(LONGEST_SECONDS / PAUSE_SECONDS)):
                        line.sendall(b"x")
                        time.sleep(PAUSE_SECONDS)
                except OSError:
                    side.was_hung_up_on = True

        thread = threading.Thread(target=drip)
        thread.start()
        yield side
        thread.join()
