"""What every benchmark prints: a table for people, and one line of JSON for machines.

    report = Report.begin(bench="reserve", about="Reserve through the Python API.")
    report.figure("reserve_per_s_spread", 3120.4, aim="≥ 2000")
    report.missing("pgbench_per_s_spread", why="pgbench is not installed")
    report.end()

`--json` makes the last line of standard output one object (design of the benchmarks); `--quick`
asks the benchmark to prove only that it runs: `report.is_quick` says so, and no aim is judged.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

Value = float | int | str | None


@dataclass(kw_only=True)
class Report:
    """Figures in the order they were found, with aims and notes; times itself."""

    bench: str
    is_quick: bool
    is_json: bool
    postgres: str | None = None
    plot: str = ""
    figures: dict[str, Value] = field(default_factory=dict)
    aims: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    began: float = field(default_factory=time.perf_counter)

    @classmethod
    def begin(cls, *, bench: str, about: str, draws: bool = False) -> Self:
        """Reads the command line: `--json`, `--quick`, and `--plot` where something is drawn."""
        parser = argparse.ArgumentParser(description=about)
        parser.add_argument("--json", action="store_true", help="one JSON object as last line")
        parser.add_argument("--quick", action="store_true", help="prove only that it runs")
        if draws:
            parser.add_argument("--plot", metavar="FILE", default="", help="draw it, as SVG")
        asked = parser.parse_args()
        return cls(
            bench=bench,
            is_quick=asked.quick,
            is_json=asked.json,
            plot=asked.plot if draws else "",
        )

    def figure(self, name: str, value: float | str, *, aim: str = "", note: str = "") -> None:
        """A figure, its unit in the name. An aim reads like "≤ 1.06", "≥ 250" or "= 0"."""
        self.figures[name] = value
        if aim:
            self.aims[name] = aim
        if note:
            self.notes[name] = note

    def missing(self, name: str, *, why: str) -> None:
        """A figure that could not be measured here."""
        self.figures[name] = None
        self.notes[name] = why

    def note(self, about: str, text: str) -> None:
        """What a reader must know to judge the figures."""
        self.notes[about] = text

    def progress(self, text: str) -> None:
        """Tells a waiting person what is being done; never on standard output."""
        print(f"{time.perf_counter() - self.began:7.1f} s  {text}", file=sys.stderr, flush=True)

    def end(self) -> None:
        """Prints the table, the notes, and with `--json` the object; fails if not exact."""
        seconds = round(time.perf_counter() - self.began, 1)
        where = machine(postgres=self.postgres)
        told = ", ".join(f"{name} {value}" for name, value in where.items() if value)
        print(f"\n{self.bench}{' (quick)' if self.is_quick else ''}: {seconds} s on {told}\n")
        for line in self._table():
            print(line)
        for about, text in self.notes.items():
            print(f"\n{about}: {text}")
        if self.is_json:
            print(json.dumps(self._object(where, seconds), ensure_ascii=False))
        if wrong := [name for name, aim in self.aims.items() if not self._is_right(name, aim)]:
            raise SystemExit(f"{self.bench}: not exact: {', '.join(wrong)}")

    def _is_right(self, name: str, aim: str) -> bool:
        """An aim may be missed on a slow machine; what has to be exact, nowhere."""
        value = self.figures[name]
        return not aim.startswith("=") or (value is not None and _reaches(float(value), aim))

    def _table(self) -> list[str]:
        width = max(map(len, self.figures), default=0)
        rows = [
            (name, _told(value), self.aims.get(name, ""), self._judged(name))
            for name, value in self.figures.items()
        ]
        return [
            f"  {name:<{width}}  {value:>12}  {aim:>10}  {judged}".rstrip()
            for name, value, aim, judged in rows
        ]

    def _judged(self, name: str) -> str:
        value = self.figures[name]
        if self.is_quick or name not in self.aims or not isinstance(value, int | float):
            return ""
        return "reached" if _reaches(value, self.aims[name]) else "NOT REACHED"

    def _object(self, where: dict[str, Value], seconds: float) -> dict[str, object]:
        told: dict[str, object] = {
            "bench": self.bench,
            "machine": where,
            "seconds": seconds,
            "figures": {
                name: round(value, 6) if isinstance(value, float) else value
                for name, value in self.figures.items()
            },
            "aims": self.aims,
            "notes": self.notes,
        }
        return told | ({"quick": True} if self.is_quick else {})


def machine(*, postgres: str | None = None) -> dict[str, Value]:
    """The machine as far as it explains figures."""
    return {
        "cpus": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "cpu": _cpu_model(),
        "python": platform.python_version(),
        "postgres": postgres,
        "load_15_minutes": round(os.getloadavg()[2], 2),
    }


def _cpu_model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _reaches(value: float, aim: str) -> bool:
    sign, _, wanted = aim.partition(" ")
    limit = float(wanted.replace(",", ""))
    return {"≤": value <= limit, "≥": value >= limit, "=": value == limit}[sign]


def _told(value: Value) -> str:
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.1f}" if abs(value) >= 1_000 else f"{value:.4g}"
