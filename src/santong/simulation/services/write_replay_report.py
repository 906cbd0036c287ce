from __future__ import annotations

from datetime import datetime
from pathlib import Path


def write_replay_report(*, page: str, made_at: datetime, directory: Path) -> Path:
    """Save a report as one page that opens without a network, and say where it is."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"replay-{made_at:%Y%m%d-%H%M%S}.html"
    path.write_text(page, encoding="utf-8")
    return path
