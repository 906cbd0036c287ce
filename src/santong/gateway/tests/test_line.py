"""One HTTP request out: to addresses that are allowed, within its time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from pytest_django.fixtures import Settings

from santong.gateway.spi.line import Failed, post
from santong.gateway.tests.simulated import LONGEST_SECONDS, listening

PAUSE_SECONDS = 0.1


@pytest.fixture
def _allowed(settings: Settings) -> None:
    settings.SANTONG_OUTBOUND_NETWORKS = ["127.0.0.0/8"]


@pytest.mark.usefixtures("_allowed")
def test_what_is_answered_comes_back() -> None:
    with listening() as side:
        answer = post(
            url=side.url + "?method=tmall.mei.crm.bind",
            headers={"Content-Type": "application/json"},
            body=b'{"a": 1}',
            within_seconds=30,
        )

    assert (answer.status, answer.body) == (200, b'{"bind_code": "E01"}')
    assert [heard.fields for heard in side.heard] == [{"a": 1}]


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize(
    ("mood", "within_seconds", "code"),
    [("slow", 0.3, "too_slow"), ("gone", 30, "no_answer"), ("lost", 30, "no_answer")],
)
def test_no_answer_is_a_failure_that_says_why(mood: str, within_seconds: float, code: str) -> None:
    with listening() as side:
        side.moods.turns = [mood]
        with pytest.raises(Failed) as failed:
            post(
                url=side.url + "?method=tmall.mei.crm.bind",
                headers={"Content-Type": "application/json"},
                body=b"{}",
                within_seconds=within_seconds,
            )

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
def test_nobody_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        with pytest.raises(Failed) as failed:
            post(url=f"http://127.0.0.1:{port}/", headers={}, body=b"", within_seconds=1)

    assert failed.value.code == "no_answer"


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
