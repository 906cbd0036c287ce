"""An agent in tests: the SDK's own client, over HTTP into the application."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import anyio
import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import Implementation

from santong.agents import public as agents

URL = "http://127.0.0.1:8000"

R = TypeVar("R")


@asynccontextmanager
async def http(token: str) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client with a token, and the application running behind it."""
    app = agents.mcp_application(public_url=URL, hosts=["127.0.0.1"])
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app), base_url=URL, headers=headers
        ) as client,
    ):
        yield client


def ask(token: str, talk: Callable[[Client], Awaitable[R]], *, mode: str = "auto") -> R:
    """Talk as an agent with a token; what the talk returns."""

    async def go() -> R:
        async with http(token) as client:
            transport = streamable_http_client(f"{URL}/mcp", http_client=client)
            info = Implementation(name="Little Helper", version="1")
            async with Client(transport, client_info=info, mode=mode) as agent:
                return await talk(agent)

    return anyio.run(go)


def call(token: str, name: str, **arguments: Any) -> Any:
    """One tool's result."""

    async def talk(agent: Client) -> Any:
        return await agent.call_tool(name, arguments)

    return ask(token, talk)
