"""Processes by identity: a pid together with its start time, so a recycled pid is never touched."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")

# Everything the launcher starts carries this variable, so that what outlives its parent can
# still be told from what others started.
MARK_VARIABLE = "SANTONG_STARTED_BY"


@dataclass(frozen=True, kw_only=True)
class Identity:
    """One process of one boot."""

    pid: int
    started: str
    boot: str

    def is_alive(self) -> bool:
        """True while this very process runs; a zombie and a recycled pid are not it."""
        return self.boot == _boot() and _state(self.pid) == ("running", self.started)

    def send(self, signal_number: int) -> None:
        """Send a signal to this very process, or to nobody."""
        if self.is_alive():
            _kill(self.pid, signal_number)


def identify(*, pid: int) -> Identity | None:
    """The identity of a live process, or None."""
    state = _state(pid)
    if state is None or state[0] != "running":
        return None
    return Identity(pid=pid, started=state[1], boot=_boot())


def remember(*, record: Path, identity: Identity, facts: Mapping[str, str] | None = None) -> None:
    """Write down a process in one step: a reader finds the old record or the new one."""
    record.parent.mkdir(parents=True, exist_ok=True)
    draft = record.with_suffix(".new")
    content = {**asdict(identity), "facts": dict(facts or {}), "place": str(record.resolve())}
    draft.write_text(json.dumps(content))
    draft.replace(record)


def recall(*, record: Path) -> tuple[Identity, dict[str, str]] | None:
    """The process written down, alive or not; None when nothing readable is there.

    A record that was copied with its checkout speaks of the other checkout's process.
    """
    try:
        content = json.loads(record.read_text())
        if content["place"] != str(record.resolve()):
            return None
        identity = Identity(
            pid=int(content["pid"]), started=str(content["started"]), boot=str(content["boot"])
        )
        return identity, {str(key): str(value) for key, value in content["facts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def stop(*, identity: Identity, patience_seconds: float, first: int = signal.SIGTERM) -> None:
    """Ask a process to end, wait, then end it."""
    stop_together(identities=[identity], patience_seconds=patience_seconds, first=first)


def stop_together(
    *, identities: Sequence[Identity], patience_seconds: float, first: int = signal.SIGTERM
) -> None:
    """End several processes in the time of one."""
    for identity in identities:
        identity.send(first)
    deadline = time.monotonic() + patience_seconds
    for identity in identities:
        left = max(deadline - time.monotonic(), 0)
        if not wait_for_end(identity=identity, patience_seconds=left):
            identity.send(signal.SIGKILL)
    for identity in identities:
        wait_for_end(identity=identity, patience_seconds=5)


def wait_for_end(*, identity: Identity, patience_seconds: float) -> bool:
    """True once the process is gone, False when patience ends first."""
    deadline = time.monotonic() + patience_seconds
    while identity.is_alive():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def marked(*, mark: str) -> list[Identity]:
    """Every live process whose environment carries the mark, whoever its parent is by now."""
    wanted = f"{MARK_VARIABLE}={mark}".encode()
    found: list[Identity] = []
    for pid in _pids():
        try:
            environment = (PROC / str(pid) / "environ").read_bytes()
        except OSError:
            continue
        if wanted in environment.split(b"\0") and (identity := identify(pid=pid)):
            found.append(identity)
    return found


def working_in(*, directory: Path) -> list[Identity]:
    """Every live process whose working directory is this one (PostgreSQL's own is its data)."""
    wanted = os.path.realpath(directory)
    found: list[Identity] = []
    for pid in _pids():
        try:
            is_inside = str((PROC / str(pid) / "cwd").readlink()) == wanted
        except OSError:
            continue
        if is_inside and (identity := identify(pid=pid)):
            found.append(identity)
    return found


def end_children(*, patience_seconds: float) -> None:
    """End what this process started and still runs.

    A signal may come after the system made a child and before Python wrote down that it has one.
    """
    found = [identify(pid=child) for child in children_of(pid=os.getpid())]
    stop_together(
        identities=[identity for identity in found if identity], patience_seconds=patience_seconds
    )


def children_of(*, pid: int) -> list[int]:
    """The pids of the live direct children."""
    return [child for child in _pids() if _parent(child) == pid]


def _pids() -> Iterator[int]:
    if not PROC.is_dir():
        return
    for entry in PROC.iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            yield int(entry.name)


def _state(pid: int) -> tuple[str, str] | None:
    fields = _stat(pid)
    if fields is not None:
        return ("zombie" if fields[0] in "ZX" else "running", fields[19])
    if PROC.joinpath("self").exists():
        return None
    return _state_by_ps(pid)


def _state_by_ps(pid: int) -> tuple[str, str] | None:
    answer = subprocess.run(
        ["/bin/ps", "-o", "state=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    state, _, started = answer.strip().partition(" ")
    if not started:
        return None
    return ("zombie" if state.startswith("Z") else "running", started.strip())


def _parent(pid: int) -> int | None:
    fields = _stat(pid)
    return int(fields[1]) if fields is not None and fields[0] not in "ZX" else None


def _stat(pid: int) -> list[str] | None:
    try:
        content = (PROC / str(pid) / "stat").read_text(errors="replace")
    except OSError:
        return None
    # The name in parentheses may itself hold spaces and parentheses.
    return content[content.rindex(")") + 2 :].split()


def _boot() -> str:
    try:
        return (PROC / "sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _kill(pid: int, signal_number: int) -> None:
    try:
        os.kill(pid, signal_number)
    except ProcessLookupError:
        return
