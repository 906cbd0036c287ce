"""The product and pgbench, in turns, so that what else the machine does hits both."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from _clients import Done, Run
from _load import cpu_seconds
from _report import Report
from santong_launcher.postgres import Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What one of many is called, what is told of each turn, how often and how long they take."""

    one: str
    about: str
    runs: int
    seconds: float
    suffix: str = ""


def measure_in_turns(
    report: Report,
    cluster: Cluster,
    run: Run,
    task: Any,
    *,
    limit: Callable[[float], float],
    turns: Turns,
    aim: str,
) -> None:
    """How many a second each side does, and what one costs the processor; medians of all turns."""
    rates, limits, python, everything = [], [], [], []
    for turn in range(1, turns.runs + 1):
        report.progress(f"{turns.about}, turn {turn}")
        before = cpu_seconds(cluster.pids)
        done = served(run, replace(task, seed=turn))
        database = cpu_seconds(cluster.pids) - before
        rates.append(done.served / turns.seconds)
        python.append(done.cpu_seconds / done.served * 1e6)
        everything.append((done.cpu_seconds + database) / done.served * 1e6)
        limits.append(limit(turns.seconds))
    rate, suffix = statistics.median(rates), turns.suffix
    report.figure(f"{turns.one}s_per_s{suffix}", rate)
    report.figure(f"pgbench_per_s{suffix}", statistics.median(limits))
    report.figure(f"ratio_to_pgbench{suffix}", rate / statistics.median(limits), aim=aim)
    report.figure(f"cpu_us_per_{turns.one}{suffix}", statistics.median(everything))
    report.figure(f"python_cpu_us_per_{turns.one}{suffix}", statistics.median(python))


def served(run: Run, task: Any) -> Done:
    """A run in which nobody may be refused."""
    done = run(task)
    if done.refused or done.errors:
        raise SystemExit(f"{task}: {done.refused} refused, {done.errors[:3]}")
    return done
