"""An installation of its own, whose parts can be killed and started again."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from santong_launcher.postgres import Cluster, temporary_cluster

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sys.executable


@dataclass
class Installation:
    """PostgreSQL and what `./santong up` runs, stores, and a replay.

    Each part leads a process group of its own.
    """

    cluster: Cluster
    environment: dict[str, str]
    folder: Path
    port: int
    streams_port: int
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def command(self, part: str) -> list[str]:
        if part == "server":
            return [
                *(PYTHON, "-m", "granian", "--interface=wsgi", "--host=127.0.0.1", "--no-ws"),
                *(f"--port={self.port}", "--workers=2", "--blocking-threads=1"),
                "santong.config.wsgi:application",
            ]
        return {
            "streams": [
                *(PYTHON, "-m", "granian", "--interface=asgi", "--host=127.0.0.1"),
                *(f"--port={self.streams_port}", "santong.config.asgi:application"),
            ],
            "relay": [PYTHON, "-m", "santong", "relay"],
            "worker": [PYTHON, "-m", "santong", "work"],
            "stores": [PYTHON, "-m", "tests.crash.stores"],
            "replay": [
                *(PYTHON, "-m", "santong", "replay", str(self.published)),
                *("--merchant=replayed", "--processes=1"),
                f"--acknowledged={self.acknowledged}",
            ],
        }[part]

    @property
    def published(self) -> Path:
        """Where the orders lie that are replayed."""
        return self.folder / "published"

    @property
    def acknowledged(self) -> Path:
        """Where the replay writes each order down that is placed for good."""
        return self.folder / "acknowledged"

    def start_if_ended(self, part: str) -> None:
        """Start a part again that has ended by itself: done, or without its database."""
        if self.running[part].poll() is not None:
            self.start(part)

    def start(self, part: str) -> None:
        """Start a part, or PostgreSQL, however it ended."""
        if part == "postgres":
            self.cluster.start()
            return
        with (self.folder / f"{part}.log").open("ab") as log:
            self.running[part] = subprocess.Popen(  # noqa: S603  our own commands
                self.command(part),
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self, part: str) -> None:
        """At once, without a word: SIGKILL."""
        if part == "postgres":
            postmaster = self.cluster.postmaster()
            assert postmaster is not None
            os.kill(postmaster.pid, signal.SIGKILL)
            return
        process = self.running.pop(part)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def run(self, *command: str, seconds: float = 300) -> subprocess.CompletedProcess[str]:
        """A command of the product, to its end."""
        return subprocess.run(  # noqa: S603  our own commands
            [PYTHON, *command],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def wait_until_ready(self, seconds: float = 300) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            with (
                contextlib.suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2),
            ):
                return
            time.sleep(0.1)
        raise AssertionError("the site did not come back")


@contextlib.contextmanager
def installed(
    folder: Path, *, world: str = "tests.crash.world", seed: int = 0
) -> Iterator[tuple[Installation, dict[str, object]]]:
    """An installation with the merchant of a world, and what a channel knows of it."""
    prepared = os.environ.get("SANTONG_PREPARED_CLUSTER")
    like = Path(prepared) if prepared else None
    with temporary_cluster(kind="wheel", fsync=True, like=like) as cluster:
        port = _free_port()
        environment = _environment(cluster, folder, port) | {"SANTONG_CRASH_SEED": str(seed)}
        installation = Installation(cluster, environment, folder, port, _free_port())
        migrated = installation.run("-m", "santong", "migrate_cells", "--verbosity=0")
        assert migrated.returncode == 0, migrated.stderr
        built = installation.run("-m", world)
        assert built.returncode == 0, built.stderr
        try:
            yield installation, json.loads(built.stdout.splitlines()[-1])
        finally:
            for part in list(installation.running):
                installation.kill(part)


def _environment(cluster: Cluster, folder: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        "DJANGO_SETTINGS_MODULE": "santong.config.settings",
        "SANTONG_DATABASE_URL": cluster.app_url,
        "SANTONG_OWNER_DATABASE_URL": cluster.owner_url,
        "SANTONG_SECRET_KEY": secrets.token_urlsafe(48),
        "SANTONG_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "SANTONG_CALM_SECONDS": os.environ.get("SANTONG_CALM_SECONDS", "60"),
        "SANTONG_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "SANTONG_VAR": str(folder),
    }


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
