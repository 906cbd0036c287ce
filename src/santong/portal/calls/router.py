"""A signed call, sent the way that every call goes: through the product's own application.

In this process, for a server that answers one request at a time would wait for itself; on a thread
of its own, for the page's request holds a transaction that the call must know nothing of.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from django.core.servers.basehttp import get_internal_wsgi_application
from django.db import connections

from santong.portal.rules.explorer.calls import PATH, SignedCall

LONGEST_SHOWN: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RouterAnswer:
    """What came back, as a client gets it."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: str
    milliseconds: int


def sent(*, call: SignedCall, address: str, host: str) -> RouterAnswer:
    """The router's answer to a call from an address. It is logged like any other call."""
    environ = _environ(call, address, host)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="tried") as pool:
        return pool.submit(_answered, environ).result()


def _answered(environ: dict[str, Any]) -> RouterAnswer:
    said: dict[str, Any] = {}

    def start_response(
        status: str, headers: list[tuple[str, str]], _: object = None, /
    ) -> Callable[[bytes], object]:
        said.update(status=status, headers=tuple(headers))
        return _nothing

    started = time.perf_counter()
    try:
        answer: Iterable[bytes] = get_internal_wsgi_application()(environ, start_response)
        body = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
    finally:
        connections.close_all()
    return RouterAnswer(
        status=said["status"],
        headers=said["headers"],
        body=body.decode(errors="replace")[:LONGEST_SHOWN],
        milliseconds=round((time.perf_counter() - started) * 1_000),
    )


def _nothing(_: bytes) -> None:
    """What WSGI once let applications write with; nobody does."""


def _environ(call: SignedCall, address: str, host: str) -> dict[str, Any]:
    body = call.body.encode()
    name, _, port = host.partition(":")
    return {
        "REQUEST_METHOD": "POST",
        "SCRIPT_NAME": "",
        "PATH_INFO": PATH,
        "QUERY_STRING": call.query,
        "CONTENT_TYPE": call.content_type,
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": name,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "REMOTE_ADDR": address,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
