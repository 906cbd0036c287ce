from __future__ import annotations

from pathlib import Path

from santong.simulation.rules.report.contents import ReplayReport
from santong.simulation.rules.report.page import page_of


def write_replay_report(*, report: ReplayReport, directory: Path) -> Path:
    """Save the report as one page that opens without a network, and say where it is."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"replay-{report.made_at:%Y%m%d-%H%M%S}.html"
    path.write_text(page_of(report=report), encoding="utf-8")
    return path
