"""A small router by path for the asynchronous process, and the life of what it routes to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AsyncExitStack
from http import HTTPStatus
from typing import Any

import structlog
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from santong.kernel import cells
from santong.kernel.streams import Mount
from santong.kernel.threads import close_threads, in_thread

# What a WebSocket is told that asks for something that is not there.
POLICY_VIOLATION = 1008

log = structlog.get_logger("santong.streams")


class Streams:
    """An ASGI application: each path goes to whoever mounted there."""

    def __init__(self, *, mounts: Sequence[Mount]) -> None:
        self._mounts = list(mounts)

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Route one connection, or live the process's life."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        for mount in self._mounts:
            if mount.takes(scope["path"]):
                await mount.application(scope, receive, send)
                return
        if scope["type"] == "http":
            await _answer_itself(scope["path"], send)
        else:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": None})

    async def _live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        async with AsyncExitStack() as running:
            await receive()
            try:
                for mount in self._mounts:
                    await running.enter_async_context(mount.running())
            except Exception as failure:
                log.exception("streams_do_not_start")
                await send({"type": "lifespan.startup.failed", "message": str(failure)})
                return
            await send({"type": "lifespan.startup.complete"})
            await receive()
        close_threads()
        await send({"type": "lifespan.shutdown.complete"})


async def _answer_itself(path: str, send: ASGISendCallable) -> None:
    if path == "/healthz":
        await _say(send, HTTPStatus.OK, {"status": "ok"})
    elif path == "/readyz":
        await _say(send, *await in_thread(_readiness))
    else:
        await _say(send, HTTPStatus.NOT_FOUND, {"status": "nothing is here"})


def _readiness() -> tuple[HTTPStatus, dict[str, Any]]:
    try:
        known = cells.all_cells()
    except Exception as failure:  # noqa: BLE001  whatever is wrong, the answer is "not ready"
        why = {"status": "not ready", "why": type(failure).__name__}
        return HTTPStatus.SERVICE_UNAVAILABLE, why
    return HTTPStatus.OK, {"status": "ready", "cells": len(known)}


async def _say(send: ASGISendCallable, status: HTTPStatus, what: dict[str, Any]) -> None:
    body = json.dumps(what).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": headers,
            "trailers": False,
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
