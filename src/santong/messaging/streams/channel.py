"""The message channel of TOP clients: binary frames over a WebSocket (`/tmc`).

A client says who it is (CONNECT), asks for messages (a pull, every few seconds), gets them as they
come, and confirms each. It is let go when it sends what is no frame, when it is silent for long,
and when it does not read what it is sent.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import structlog
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from santong.kernel.threads import in_thread
from santong.messaging.rules.channel import (
    TOO_MANY,
    Refusal,
    accepted,
    data,
    refusal_of,
    refused,
)
from santong.messaging.rules.frames import (
    CONFIRM,
    CONNECT,
    PULL,
    SEND,
    Frame,
    FrameInvalid,
    decode,
    encode,
)
from santong.messaging.streams.group import Group, Member

# A client that has connected says who it is within so long, and then something now and then.
HELLO_SECONDS: Final = 10.0
SILENT_SECONDS: Final = 120.0
# A client that does not read for so long is let go; what it held goes to another.
SEND_SECONDS: Final = 10.0
CLIENTS_MOST: Final = 1_000

GOING_AWAY, PROTOCOL_ERROR, REFUSED, SILENT = 1001, 1002, 1008, 1013

log = structlog.get_logger("santong.tmc")


class AppUnknown(Exception):
    """There is no such app, or it may not hear messages."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.phrase)
        self.refusal = refusal


# The secrets of an app that are good now. Raises AppUnknown.
SecretsOf = Callable[[str, datetime], Sequence[str]]


class Left(Exception):
    """The client has gone, or has to go: with a code that says why."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Channel:
    """An ASGI application; its clients share groups."""

    def __init__(self, *, secrets_of: SecretsOf) -> None:
        self._secrets_of = secrets_of
        self._groups: dict[tuple[str, str], Group] = {}
        self._clients: set[asyncio.Task[Any]] = set()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """As long as the process serves; at its end every client is told to go elsewhere."""
        try:
            yield
        finally:
            clients = list(self._clients)
            for client in clients:
                client.cancel()
            await asyncio.gather(*clients, return_exceptions=True)

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Serve one client until it goes."""
        if scope["type"] != "websocket":
            await _ask_for_websocket(send)
            return
        await receive()
        await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        serving = asyncio.create_task(self._serve(receive, send))
        self._clients.add(serving)
        try:
            await asyncio.wait({serving})
        finally:
            self._clients.discard(serving)
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving

    async def _serve(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        code: int | None = GOING_AWAY
        try:
            await self._talk(receive, send)
        except Left as left:
            code = left.code
        except FrameInvalid:
            code = PROTOCOL_ERROR
        except Exception:
            log.exception("tmc_client_failed")
            code = PROTOCOL_ERROR
        finally:
            if code is not None:
                with contextlib.suppress(Exception):
                    await send({"type": "websocket.close", "code": code, "reason": None})

    async def _talk(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        hello = decode(await _heard(receive, within=HELLO_SECONDS))
        if hello.type != CONNECT:
            raise Left(PROTOCOL_ERROR)
        app_key, group_name = hello.text("app_key"), hello.text("group_name")
        refusal = await self._refusal(hello)
        if refusal is not None:
            await _say(send, refused(refusal=refusal))
            raise Left(REFUSED)
        token = secrets.token_hex(16)
        await _say(send, accepted(token=token))
        group = self._groups.setdefault(
            (app_key, group_name), Group(app_key=app_key, group_name=group_name)
        )
        member = Member()
        group.join(member)
        writing = asyncio.create_task(_write(member, token, send))
        hearing = asyncio.create_task(_hear(group, member, token, receive))
        try:
            done, _ = await asyncio.wait({writing, hearing}, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in (writing, hearing):
                each.cancel()
            await asyncio.gather(writing, hearing, return_exceptions=True)
            await group.leave(member)
            if not group.members:
                self._groups.pop((app_key, group_name), None)

    async def _refusal(self, hello: Frame) -> Refusal | None:
        now = datetime.now(UTC)
        if len(self._clients) > CLIENTS_MOST:
            return TOO_MANY
        try:
            good = await in_thread(self._secrets_of, hello.text("app_key"), now)
        except AppUnknown as unknown:
            return unknown.refusal
        return refusal_of(frame=hello, secrets=good, now=now)


async def _hear(group: Group, member: Member, token: str, receive: ASGIReceiveCallable) -> None:
    while True:
        frame = decode(await _heard(receive, within=SILENT_SECONDS))
        if frame.type != SEND:
            continue
        if not secrets.compare_digest((frame.token or "").encode(), token.encode()):
            raise Left(REFUSED)
        if frame.kind == PULL:
            group.pull(member)
        elif frame.kind == CONFIRM:
            queued_id = frame.content["id"].number if "id" in frame.content else None
            if queued_id is None:
                raise FrameInvalid("a confirmation without an id")
            group.confirm(member, queued_id)


async def _write(member: Member, token: str, send: ASGISendCallable) -> None:
    while True:
        message = await member.outgoing.get()
        frame = data(token=token, message=message, now=datetime.now(UTC))
        try:
            await asyncio.wait_for(_say(send, frame), SEND_SECONDS)
        except TimeoutError:
            raise Left(SILENT) from None


async def _heard(receive: ASGIReceiveCallable, *, within: float) -> bytes:
    """The next binary message. Raises Left when the client has gone or is silent."""
    try:
        event = await asyncio.wait_for(receive(), within)
    except TimeoutError:
        raise Left(SILENT) from None
    if event["type"] != "websocket.receive":
        raise Left(None)
    body = event.get("bytes")
    if body is None:
        raise FrameInvalid("text")
    return body


async def _say(send: ASGISendCallable, frame: Frame) -> None:
    await send({"type": "websocket.send", "bytes": encode(frame), "text": None})


async def _ask_for_websocket(send: ASGISendCallable) -> None:
    headers = [(b"upgrade", b"websocket"), (b"content-length", b"0")]
    await send(
        {"type": "http.response.start", "status": 426, "headers": headers, "trailers": False}
    )
    await send({"type": "http.response.body", "body": b"", "more_body": False})
