"""Progress for people: numbered steps with their times, a spinner where there is a terminal."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

SPINNER = "|/-\\"


@dataclass(kw_only=True)
class Step:
    """One step under way."""

    title: str
    note: str = ""
    started: float = field(default_factory=time.monotonic)

    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self.started


@dataclass(kw_only=True)
class Steps:
    """Prints each step when it begins and what it took when it ends."""

    total: int
    done: int = 0

    @contextlib.contextmanager
    def step(self, title: str, *, speaks: bool = False) -> Iterator[Step]:
        """Time one step. One that speaks itself (`speaks`) gets lines of its own."""
        self.done += 1
        step = Step(title=f"[{self.done}/{self.total}] {title}")
        show = _lines if speaks else _spinner if sys.stdout.isatty() else _plain
        with show(step):
            yield step


@contextlib.contextmanager
def _plain(step: Step) -> Iterator[None]:
    say(step.title, end=" … ")
    with _closing(step, ""):
        yield


@contextlib.contextmanager
def _lines(step: Step) -> Iterator[None]:
    say(step.title)
    with _closing(step, "      "):
        yield


@contextlib.contextmanager
def _spinner(step: Step) -> Iterator[None]:
    ended = threading.Event()
    turning = threading.Thread(target=_turn, args=(step, ended), daemon=True)
    turning.start()

    def end() -> None:
        ended.set()
        turning.join()
        say("\r\033[K", end="")

    try:
        yield
    except BaseException:
        end()
        say(f"{step.title} … failed after {step.seconds():.1f} s")
        raise
    end()
    say(f"{step.title} … {_outcome(step)}")


@contextlib.contextmanager
def _closing(step: Step, indent: str) -> Iterator[None]:
    try:
        yield
    except BaseException:
        say(f"{indent}failed after {step.seconds():.1f} s")
        raise
    say(f"{indent}{_outcome(step)}")


def _turn(step: Step, ended: threading.Event) -> None:
    turn = 0
    while not ended.wait(0.15):
        turn += 1
        note = f"  {step.note}"[:60] if step.note else ""
        spinner = SPINNER[turn % len(SPINNER)]
        say(f"\r\033[K{step.title} {spinner} {step.seconds():.0f} s{note}", end="")


def _outcome(step: Step) -> str:
    return f"{step.seconds():.1f} s" + (f"  {step.note}" if step.note else "")


def say(text: str, *, end: str = "\n") -> None:
    """Print at once; a reader that has gone away is no reason to stop."""
    with contextlib.suppress(BrokenPipeError):
        print(text, end=end, flush=True)
