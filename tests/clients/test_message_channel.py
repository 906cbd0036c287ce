"""A published client of the message channel (TMC), given our address and nothing else.

ali-topsdk reads what its WebSocket library gave up to version 2; `web/package.json` lets it have
that, for with the version that it names itself it can talk to nobody.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connections

from santong.kernel import tenancy
from santong.messaging import public as messaging
from santong.messaging.tests.factories import make_messages
from santong.openplatform.tests.factories import MadeApp, make_app
from tests.clients.calling import HERE, IN_CHINA, PATIENCE_SECONDS, node, packages

TOPIC = "taobao_trade_TradeCreate"
GROUP = "default"


@pytest.fixture
def channel(unblocked: None, tmp_path: Path) -> Iterator[str]:
    """The process that stays open, as `./santong up` starts it, over this test's database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    here = connections["default"].settings_dict["NAME"]
    url = urlsplit(os.environ["SANTONG_DATABASE_URL"])._replace(path=f"/{here}").geturl()
    command = [sys.executable, "-m", "granian", "--interface=asgi", "--host=127.0.0.1"]
    with (tmp_path / "streams.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603  our own command
            [*command, f"--port={port}", "santong.config.asgi:application"],
            env={**os.environ, "SANTONG_DATABASE_URL": url},
            stdout=log,
            stderr=log,
        )
    try:
        wait_for(port, process)
        yield f"ws://127.0.0.1:{port}/tmc"
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_SECONDS)


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens: {process.poll()}")


@contextmanager
def listening(url: str, app: MadeApp) -> Iterator[subprocess.Popen[str]]:
    asked = {
        "packages": str(packages()),
        "url": url,
        "key": app.app_key,
        "secret": app.secret,
        "group": GROUP,
    }
    with subprocess.Popen(  # noqa: S603  the client that this folder has installed
        [node(), str(HERE / "listen.js")],
        env=IN_CHINA,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as client:
        assert client.stdin is not None
        client.stdin.write(json.dumps(asked))
        client.stdin.close()
        try:
            yield client
        finally:
            client.kill()


def test_a_message_reaches_a_published_client_which_confirms_it(
    channel: str, merchant: int
) -> None:
    now = datetime.now(UTC)
    app = make_app(merchant, now=now)
    with tenancy.scope(merchant_id=merchant):
        messaging.permit(
            merchant_id=merchant,
            app_key=app.app_key,
            topics=[TOPIC],
            user_id=2_054_718_218,
            user_nick="三通旗舰店",
            now=now,
        )
    make_messages(merchant, ["order_id:1"], topic=TOPIC, now=now)

    with listening(channel, app) as client:
        assert client.stdout is not None
        heard: dict[str, Any] = json.loads(client.stdout.readline())
        settled = wait_until_confirmed(merchant)

    assert heard["topic"] == TOPIC
    assert json.loads(heard["content"]) == {"of": "order_id:1"}
    assert settled


def wait_until_confirmed(merchant: int) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with tenancy.scope(merchant_id=merchant):
            if not any(messaging.waiting_by_app(merchant_id=merchant)):
                return True
        time.sleep(0.1)
    return False
