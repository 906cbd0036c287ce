"""An agent finds out why an order went to a store and what a city can promise; it cancels by code.

It speaks the Model Context Protocol through the official client, over HTTP.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import anyio
import httpx2
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, Implementation

from santong.agents.asgi import mounts
from santong.config.streams import Streams
from santong.kernel import tenancy
from santong.kernel.models import AuditEntry
from santong.merchants.public import PERMISSIONS_BY_ROLE
from santong.merchants.tests.factories import make_token
from tests.journeys.http import caller
from tests.journeys.shop import open_shop, order_document

R = TypeVar("R")

READS = PERMISSIONS_BY_ROLE["head_office"] - {"agents.write"}


@contextmanager
def serving() -> Iterator[str]:
    """The server on a port of its own."""
    url = "http://127.0.0.1"
    app: Any = Streams(mounts=mounts(streams_url=url, issuer_url=url, hosts=["127.0.0.1"]))
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="on")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server has ended before it began"
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def talk(url: str, token: str, say: Callable[[Client], Awaitable[R]]) -> R:
    async def go() -> R:
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as client:
            transport = streamable_http_client(f"{url}/mcp", http_client=client)
            info = Implementation(name="Shop Helper", version="1")
            async with Client(transport, client_info=info) as agent:
                return await say(agent)

    return anyio.run(go)


def test_an_agent_finds_out_why_and_cancels_by_a_code(merchant: int) -> None:
    shop = open_shop(merchant, near=2, far=5)
    placed = caller(merchant).post("/orders", order_document(), expect=201)
    order_id = placed["order"]["id"]
    with tenancy.scope(merchant_id=merchant):
        reader = make_token(merchant, permissions=READS)
        writer = make_token(merchant, permissions=PERMISSIONS_BY_ROLE["head_office"])

    with serving() as url:
        _finds_out_why(url, reader, shop.near, order_id)
        _is_refused_a_write(url, reader, order_id)
        _cancels_once(url, writer, order_id)

    assert caller(merchant).get(f"/orders/{order_id}")["state"] == "cancelled"
    with tenancy.scope(merchant_id=merchant):
        trail = AuditEntry.objects.filter(merchant_id=merchant, action="agents.cancel_order")
        assert [(entry.actor_name, entry.reason) for entry in trail] == [
            ("till · Shop Helper", "the buyer asked for it")
        ]


def _finds_out_why(url: str, token: str, near: int, order_id: str) -> None:
    async def say(agent: Client) -> tuple[Any, Any, Any]:
        found = await agent.call_tool("find_orders", {"state": "paid"})
        asked = {"order_id": _data(found)["orders"][0]["order_id"]}
        why = await agent.call_tool("explain_route", asked)
        city = await agent.call_tool("promisable_stock", {"sku": "COAT"})
        return asked["order_id"], _data(why), _data(city)

    found_id, why, stock = talk(url, token, say)

    assert found_id == order_id
    (decision,) = why["decisions"]
    assert decision["parcels"][0]["place"]["location_id"] == str(near)
    assert {each["place"]["code"] for each in decision["candidates"]} == {"SH1", "BJ1"}
    assert "SH1" in decision["why_en"]
    assert "SH1" in decision["why_zh"]
    assert stock["quantity"] == 6
    assert [(each["code"], each["quantity"]) for each in stock["places"]] == [
        ("BJ1", 5),
        ("SH1", 1),
    ]


def _is_refused_a_write(url: str, token: str, order_id: str) -> None:
    async def say(agent: Client) -> tuple[set[str], CallToolResult]:
        listed = await agent.list_tools()
        asked = {"order_id": order_id, "reason": "because"}
        return {tool.name for tool in listed.tools}, await agent.call_tool("cancel_order", asked)

    names, refused = talk(url, token, say)

    assert "explain_route" in names
    assert "cancel_order" not in names
    assert refused.is_error
    assert _data(refused)["code"] == "kernel.permission_missing"
    assert _data(refused)["permission"] == "agents.write"


def _cancels_once(url: str, token: str, order_id: str) -> None:
    asked = {"order_id": order_id, "reason": "the buyer asked for it"}

    async def say(agent: Client) -> list[CallToolResult]:
        told = await agent.call_tool("cancel_order", asked)
        code = _data(told)["confirm"]
        other = {**asked, "reason": "something else", "confirm": code}
        return [
            told,
            await agent.call_tool("cancel_order", other),
            await agent.call_tool("cancel_order", {**asked, "confirm": code}),
            await agent.call_tool("cancel_order", {**asked, "confirm": code}),
        ]

    told, other, done, again = talk(url, token, say)

    assert not _data(told)["is_done"]
    assert "1" in _data(told)["would_en"]
    assert _data(other)["code"] == "agents.confirmation_wrong"
    assert _data(done)["is_done"]
    assert _data(done)["result"]["state"] == "cancelled"
    assert _data(again) == _data(done)


def _data(result: CallToolResult) -> Any:
    (text,) = result.content
    assert json.loads(text.text) == result.structured_content  # type: ignore[union-attr]
    return result.structured_content
