"""The only reader of the environment. Each variable, with its reason, is in `.env.example`."""

from __future__ import annotations

import os
from pathlib import Path


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default)


def required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise SystemExit(f"The environment variable {name} is not set; ./santong sets it for you.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name, "")
    return default if not value else value.lower() in {"1", "true", "yes", "on"}


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "")
    try:
        return int(value) if value else default
    except ValueError:
        raise SystemExit(
            f"The environment variable {name} must be a whole number, not {value!r}."
        ) from None


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def folder(name: str, default: Path) -> Path:
    return Path(text(name) or default).resolve()
