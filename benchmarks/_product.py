"""The product itself, on a database of its own, for the time of a benchmark."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from santong_launcher.postgres import Cluster, temporary_cluster

ROOT = Path(__file__).resolve().parents[1]
# A busy machine is not a failure.
READY_SECONDS = 180


@contextlib.contextmanager
def installed() -> Iterator[Cluster]:
    """A durable PostgreSQL with the product's tables, and this process set up to use it.

    `SANTONG_PREPARED_CLUSTER` may name a copy of one that has them already, for runs in the short
    form.
    """
    prepared = os.environ.get("SANTONG_PREPARED_CLUSTER")
    like = Path(prepared) if prepared else None
    with temporary_cluster(fsync=True, like=like) as cluster, tempfile.TemporaryDirectory() as var:
        os.environ.update(
            {
                "DJANGO_SETTINGS_MODULE": "santong.config.settings",
                "SANTONG_DATABASE_URL": cluster.app_url,
                "SANTONG_OWNER_DATABASE_URL": cluster.owner_url,
                "SANTONG_SECRET_KEY": secrets.token_urlsafe(48),
                "SANTONG_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
                "SANTONG_VAR": var,
                "SANTONG_DEBUG": "0",
                "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "benchmarks"))),
            }
        )
        import django  # noqa: PLC0415  the settings read the environment that was just set

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415
        from django.db import connections  # noqa: PLC0415

        call_command("migrate_cells", verbosity=0)
        try:
            yield cluster
        finally:
            connections.close_all()


@dataclass(frozen=True, slots=True)
class Site:
    """A running server."""

    port: int
    pid: int


@contextlib.contextmanager
def serving(
    *, workers: int = 2, application: str = "santong.config.wsgi:application"
) -> Iterator[Site]:
    """The site as `./santong up` starts it, until the block ends."""
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1"),
                *(f"--port={port}", f"--workers={workers}", "--blocking-threads=1"),
                *("--backlog=512", "--no-ws", "--log-level=warning"),
                application,
            ],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            _wait(port, server)
            yield Site(port, server.pid)
        finally:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    gives_up_at = time.monotonic() + READY_SECONDS
    while time.monotonic() < gives_up_at:
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not get ready within {READY_SECONDS} seconds")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
