"""One HTTP request out: to addresses that are allowed, within its time."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from pytest_django.fixtures import Settings

from santong.gateway.spi.line import Failed, post
from santong.gateway.tests.simulated import listening


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
            within_seconds=5,
        )

    assert (answer.status, answer.body) == (200, b'{"bind_code": "E01"}')
    assert [heard.fields for heard in side.heard] == [{"a": 1}]


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize(
    ("mood", "code"), [("slow", "too_slow"), ("gone", "no_answer"), ("lost", "no_answer")]
)
def test_no_answer_is_a_failure_that_says_why(mood: str, code: str) -> None:
    with listening() as side:
        side.moods.turns = [mood]
        with pytest.raises(Failed) as failed:
            post(
                url=side.url + "?method=tmall.mei.crm.bind",
                headers={"Content-Type": "application/json"},
                body=b"{}",
                within_seconds=0.3,
            )

    assert failed.value.code == code


@pytest.mark.usefixtures("_allowed")
@pytest.mark.parametrize("text", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_whoever_sends_a_byte_now_and_then_does_not_hold_the_line(text: bytes) -> None:
    with dripping(text) as url:
        started = time.monotonic()
        with pytest.raises(Failed) as failed:
            post(url=url, headers={}, body=b"", within_seconds=0.4)
        took = time.monotonic() - started

    assert failed.value.code == "too_slow"
    assert took < 2


@pytest.mark.usefixtures("_allowed")
def test_an_answer_without_end_is_refused() -> None:
    with (
        dripping(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 300_000) as url,
        pytest.raises(Failed) as failed,
    ):
        post(url=url, headers={}, body=b"", within_seconds=5)

    assert failed.value.code == "answer_too_large"


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


@contextmanager
def dripping(text: bytes) -> Iterator[str]:
    """A side that sends a text and then a letter every tenth of a second, for three seconds."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            line, _ = server.accept()
            with line:
                try:
                    line.recv(4096)
                    line.sendall(text)
                    for _ in range(30):
                        line.sendall(b"x")
                        time.sleep(0.1)
                except OSError:
                    return

        thread = threading.Thread(target=drip)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        thread.join()
