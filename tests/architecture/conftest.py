"""The repository as its architecture tests read it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def text_by_name() -> Mapping[str, str]:
    """Every text file that is tracked, or would be with the next commit."""
    names = _asked_of_git() if (ROOT / ".git").exists() else _walked()
    files = {name: ROOT / name for name in sorted(names) if (ROOT / name).is_file()}
    return {name: text for name, path in files.items() if (text := _text(path)) is not None}


@pytest.fixture(scope="session")
def python_by_name(text_by_name: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text for name, text in text_by_name.items() if name.endswith(".py")}


def _asked_of_git() -> Iterable[str]:
    # Whoever owns the checkout: it is only read.
    read = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(  # noqa: S603  (our own words)
        [*read, "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        capture_output=True,
        check=True,
    ).stdout
    return [name for name in os.fsdecode(listed).split("\0") if name]


def _walked() -> Iterable[str]:
    """The same in a copy without history: all that .gitignore does not name."""
    lines = (ROOT / ".gitignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]

    def is_kept(path: Path) -> bool:
        return path.name != ".git" and not any(
            fnmatch(path.name, pattern.strip("/"))
            for pattern in patterns
            if path.parent == ROOT or not pattern.startswith("/")
        )

    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if is_kept(Path(folder, name))]
        kept = [Path(folder, name) for name in files if is_kept(Path(folder, name))]
        yield from (str(path.relative_to(ROOT)) for path in kept)


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
