"""Where things are in this checkout, and what its user configured."""

import fcntl
import functools
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from santong_launcher.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Checkout:
    """One copy of the repository with everything it makes for itself under `var/`."""

    root: Path

    @property
    def var(self) -> Path:
        """All that running makes: removed, the checkout is as new."""
        return self.root / "var"

    @property
    def run(self) -> Path:
        """Records of what runs."""
        return self.var / "run"

    @property
    def venv_python(self) -> Path:
        """The interpreter with the pinned packages."""
        return self.root / ".venv" / "bin" / "python"

    def log(self, name: str) -> Path:
        """The log of one part."""
        return self.var / "log" / f"{name}.log"

    @functools.cached_property
    def configured(self) -> Mapping[str, str]:
        """What the user set: the environment, over `.env` in the checkout."""
        return {**_dotenv(self.root / ".env"), **os.environ}


def this_checkout() -> Checkout:
    """The checkout this code lies in."""
    return Checkout(root=Path(__file__).resolve().parents[2])


@contextmanager
def exclusive(*, path: Path, wait: bool) -> Iterator[bool]:
    """Hold a lock that ends with the process, however it ends; False when another holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _dotenv(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        entry = line.strip().removeprefix("export ")
        if not entry or entry.startswith("#"):
            continue
        name, equals, value = entry.partition("=")
        if not equals or not name.strip().isidentifier():
            raise Problem(f"{path}, line {number}: expected NAME=value, found {line!r}.")
        values[name.strip()] = _unquoted(value.strip())
    return values


def _unquoted(value: str) -> str:
    for quote in "\"'":
        if len(value) > 1 and value[0] == value[-1] == quote:
            return value[1:-1]
    return value
