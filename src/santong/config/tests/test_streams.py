"""The asynchronous process routes by path, lives as long as its parts, keeps few connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from django.db import connection

from santong.config.streams import Streams
from santong.kernel.streams import Mount
from santong.kernel.threads import DatabaseThreads


async def echo(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "said", "path": scope["path"]})


async def told(application: Any, scope: dict[str, Any], *, by: Sequence[Any] = ()) -> list[Any]:
    """What an application says to one connection."""
    said: list[Any] = []
    waiting = iter(by)

    async def receive() -> Any:
        return next(waiting)

    async def send(message: Any) -> None:
        said.append(message)

    await application(scope, receive, send)
    return said


@pytest.mark.parametrize("path", ["/tmc", "/tmc/", "/tmc/deeper"])
def test_a_path_and_all_below_it_go_to_its_mount(path: str) -> None:
    streams = Streams(mounts=[Mount(path="/tmc", application=echo)])

    said = asyncio.run(told(streams, {"type": "websocket", "path": path}))

    assert said == [{"type": "said", "path": path}]


def test_what_nobody_mounted_is_refused_in_its_own_way() -> None:
    streams = Streams(mounts=[Mount(path="/tmc", application=echo)])

    closed = asyncio.run(told(streams, {"type": "websocket", "path": "/tmcx"}))
    begun, _body = asyncio.run(told(streams, {"type": "http", "path": "/"}))

    assert [(each["type"], each["code"]) for each in closed] == [("websocket.close", 1008)]
    assert begun["status"] == 404


def test_it_says_that_it_lives() -> None:
    begun, body = asyncio.run(told(Streams(mounts=[]), {"type": "http", "path": "/healthz"}))

    assert begun["status"] == 200
    assert json.loads(body["body"]) == {"status": "ok"}


def test_what_is_mounted_begins_before_the_first_call_and_ends_with_the_process() -> None:
    life: list[str] = []

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        life.append("begins")
        yield
        life.append("ends")

    streams = Streams(mounts=[Mount(path="/tmc", application=echo, running=running)])
    asked = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]

    said = asyncio.run(told(streams, {"type": "lifespan"}, by=asked))

    assert [each["type"] for each in said] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]
    assert life == ["begins", "ends"]


def test_a_part_that_does_not_begin_keeps_the_process_from_serving() -> None:
    life: list[str] = []

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        if not life:
            raise RuntimeError("no such luck")
        yield

    streams = Streams(mounts=[Mount(path="/tmc", application=echo, running=running)])

    said = asyncio.run(told(streams, {"type": "lifespan"}, by=[{"type": "lifespan.startup"}]))

    assert said == [{"type": "lifespan.startup.failed", "message": "no such luck"}]


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def still_open(processes: set[int]) -> int:
    """The server needs a moment to see that a connection was closed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)", [[*processes]])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_many_pieces_of_work_share_few_connections_that_are_closed_at_the_end() -> None:
    threads = DatabaseThreads(most=2)

    async def many() -> list[int]:
        return await asyncio.gather(*[threads.run(server_process) for _ in range(20)])

    used = set(asyncio.run(many()))
    threads.close()

    assert 1 <= len(used) <= 2
    assert any(still_open(used) == 0 for _ in range(100))
