"""An agent in tests: the SDK's own client, over HTTP into the application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

import anyio
import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Implementation

from santong.agents.asgi import mounts
from santong.kernel.threads import close_threads

URL = "http://127.0.0.1:8000"

R = TypeVar("R")


@asynccontextmanager
async def http(token: str) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client with a token, and the application running behind it."""
    mount, _ = mounts(streams_url=URL, issuer_url=URL, hosts=["127.0.0.1"])
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx2.ASGITransport(app=cast("Any", mount.application))
    async with (
        mount.running(),
        httpx2.AsyncClient(transport=transport, base_url=URL, headers=headers) as client,
    ):
        yield client


def run_async(talk: Callable[..., Awaitable[R]], *given: Any) -> R:
    """Run to the end, and let the threads that worked for it go."""
    try:
        return anyio.run(talk, *given)
    finally:
        close_threads()


def ask(token: str, talk: Callable[[Client], Awaitable[R]], *, mode: str = "auto") -> R:
    """Talk as an agent with a token; what the talk returns."""

    async def go() -> R:
        async with http(token) as client:
            transport = streamable_http_client(f"{URL}/mcp", http_client=client)
            info = Implementation(name="Little Helper", version="1")
            async with Client(transport, client_info=info, mode=mode) as agent:
                return await talk(agent)

    return run_async(go)
