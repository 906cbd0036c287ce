"""Answers every path, once it has come up."""

from typing import Any


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Say that it is there."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"there"})
