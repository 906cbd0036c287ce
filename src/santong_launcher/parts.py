"""The parts of a running site: one process tree each, started, kept running and stopped."""

import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from santong_launcher import processes
from santong_launcher.checkout import Checkout
from santong_launcher.processes import MARK_VARIABLE, Identity

STOP_SECONDS = 20
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
SETTLED_SECONDS = 2
# After this long the next failure is a new story, not the same one going on.
STEADY_SECONDS = 60
LOG_BYTES_MAX = 50_000_000


@dataclass(kw_only=True)
class Part:
    """One process and what it started, restarted with growing pauses when it dies."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    checkout: Checkout
    failures: int = 0
    _process: "subprocess.Popen[bytes] | None" = None
    _started: float = 0.0
    _not_before: float = field(default=0.0)

    @property
    def log(self) -> Path:
        """Where it writes."""
        return self.checkout.log(self.name)

    def is_running(self) -> bool:
        """True while its first process lives."""
        return self._process is not None and self._process.poll() is None

    def is_steady(self) -> bool:
        """True once it has lived long enough to have read its settings and met its database."""
        return self.is_running() and time.monotonic() - self._started > SETTLED_SECONDS

    def start(self) -> None:
        """Start it, after ending what an earlier one left behind."""
        stop_left_over(checkout=self.checkout, name=self.name)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env={**self.environment, MARK_VARIABLE: _mark(self.checkout, self.name)},
                cwd=self.checkout.root,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # ctrl-C in the terminal is the supervisor's to hear; it stops its parts in order.
                start_new_session=True,
            )
        self._started = time.monotonic()
        if identity := processes.identify(pid=self._process.pid):
            processes.remember(record=_record(self.checkout, self.name), identity=identity)

    def tend(self) -> str | None:
        """Start it again when it died and its pause is over; says so when it does."""
        if self.is_running():
            shorten(log=self.log)
            return None
        now = time.monotonic()
        if self._process is not None:
            return self._mourn(now)
        if now < self._not_before:
            return None
        self.start()
        return f"{self.name} started again"

    def ask_to_stop(self) -> None:
        """Tell it to end, without waiting."""
        if self._process and self.is_running():
            self._process.send_signal(signal.SIGTERM)

    def finish(self) -> None:
        """Wait for its end; what is left after the wait is killed."""
        if self._process:
            try:
                self._process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        stop_left_over(checkout=self.checkout, name=self.name)

    def _mourn(self, now: float) -> str:
        assert self._process is not None
        status, self._process = self._process.returncode, None
        self.failures = 1 if now - self._started > STEADY_SECONDS else self.failures + 1
        pause = min(SHORTEST_PAUSE * 2 ** (self.failures - 1), LONGEST_PAUSE)
        self._not_before = now + pause
        return f"{self.name} ended ({_how(status)}), starts again in {pause:.1f} s; see {self.log}"


def stop_left_over(*, checkout: Checkout, name: str) -> int:
    """End what an earlier supervisor started under this name; how many processes that were."""
    record = _record(checkout, name)
    found: dict[int, Identity] = {}
    if (remembered := processes.recall(record=record)) and remembered[0].is_alive():
        found[remembered[0].pid] = remembered[0]
        processes.stop(identity=remembered[0], patience_seconds=STOP_SECONDS)
    for identity in processes.marked(mark=_mark(checkout, name)):
        found[identity.pid] = identity
    processes.stop_together(identities=list(found.values()), patience_seconds=5)
    record.unlink(missing_ok=True)
    return len(found)


def shorten(*, log: Path) -> None:
    """Keep one old log beside the current one; the writer goes on in the same file."""
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        shutil.copyfile(log, log.with_suffix(".log.1"))
        with log.open("r+b") as file:
            file.truncate()


def _record(checkout: Checkout, name: str) -> Path:
    return checkout.run / f"part-{name}.json"


def _mark(checkout: Checkout, name: str) -> str:
    return f"{checkout.root}:{name}"


def _how(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
