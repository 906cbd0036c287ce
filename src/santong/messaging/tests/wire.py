"""A client of the message channel, without a network: it talks to the application itself."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from santong.kernel.signing import top_sign
from santong.messaging.rules.frames import (
    CONFIRM,
    CONNECT,
    KIND,
    PULL,
    SEND,
    Frame,
    byte,
    decode,
    encode,
    int64,
    text,
)

SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
PATIENCE = 20.0


class Client:
    """One WebSocket to the channel."""

    def __init__(self, application: Any, app_key: str) -> None:
        self._app_key = app_key
        self._to_server: asyncio.Queue[Any] = asyncio.Queue()
        self._from_server: asyncio.Queue[Any] = asyncio.Queue()
        scope = {"type": "websocket", "path": "/tmc", "headers": []}
        self._to_server.put_nowait({"type": "websocket.connect"})
        self._serving = asyncio.create_task(
            application(scope, self._to_server.get, self._from_server.put)
        )
        self.token: str | None = None

    async def heard(self) -> Any:
        """The next thing that the server does."""
        return await asyncio.wait_for(self._from_server.get(), PATIENCE)

    async def frame(self) -> Frame:
        """The next frame."""
        event = await self.heard()
        assert event["type"] == "websocket.send", event
        return decode(event["bytes"])

    def say_bytes(self, body: bytes) -> None:
        self._to_server.put_nowait({"type": "websocket.receive", "bytes": body, "text": None})

    def say(self, frame: Frame) -> None:
        self.say_bytes(encode(frame))

    async def connect(self, *, group: str = "default", secret: str = SECRET) -> Frame:
        """Say who it is; what the server answers."""
        assert (await self.heard())["type"] == "websocket.accept"
        params = {
            "app_key": self._app_key,
            "group_name": group,
            "timestamp": str(int(time.time() * 1_000)),
        }
        sign = top_sign(method="md5", secret=secret, params=params)
        named = {**params, "sign": sign, "sdk": "test", "intranet_ip": "127.0.0.1"}
        content = {name: text(value) for name, value in named.items()}
        self.say(Frame(type=CONNECT, content=content))
        answer = await self.frame()
        self.token = answer.token
        return answer

    def pull(self) -> None:
        self.say(Frame(type=SEND, token=self.token, content={KIND: byte(PULL)}))

    def confirm(self, message_id: int) -> None:
        content = {KIND: byte(CONFIRM), "id": int64(message_id)}
        self.say(Frame(type=SEND, token=self.token, content=content))

    async def messages(self, count: int) -> list[Frame]:
        """So many messages, as they come."""
        return [await self.frame() for _ in range(count)]

    async def leave(self) -> None:
        """Hang up, and wait until the server has noticed."""
        self._to_server.put_nowait({"type": "websocket.disconnect", "code": 1000})
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(self._serving, PATIENCE)
