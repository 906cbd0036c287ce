"""The repository as its architecture tests read it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def text_by_name() -> Mapping[str, str]:
    """Every text file that is tracked, or would be with the next commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
        capture_output=True,
        check=True,
    ).stdout
    names = sorted(name for name in os.fsdecode(listed).split("\0") if name)
    files = {name: ROOT / name for name in names if (ROOT / name).is_file()}
    return {name: text for name, path in files.items() if (text := _text(path)) is not None}


@pytest.fixture(scope="session")
def python_by_name(text_by_name: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text for name, text in text_by_name.items() if name.endswith(".py")}


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
