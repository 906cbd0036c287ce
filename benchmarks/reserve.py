"""Reservations through the Python API, beside pgbench with the same statement.

Both sides run sixteen clients, as many as `orders` has connections, against one durable PostgreSQL
(it waits for the disk), in turns, so that what else the machine does hits both: the product in two
processes of eight threads, pgbench in two threads of eight clients. With half as many, a tenth of
the processors' time goes unused while all of them wait for the disk. One reservation is one
transaction on both sides: what a scope sets, the statement of `reserve`, which holds one unit of
one SKU at one place and writes the fact, and the commit.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import psycopg

from _load import cpu_seconds
from _product import installed
from _report import Report
from _reserve_clients import BATCH, CLIENTS, Done, Run, Task, clients
from _reserve_limit import Script, Stock, reserve_script, run_pgbench, with_literals
from _reserve_stock import build, last_units, one_level, plenty_again, ten_times
from santong_launcher.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is built and for how long it is measured."""

    skus: int
    places: int
    seconds: float
    runs: int


FULL = Sizes(skus=1_000, places=100, seconds=6.0, runs=3)
QUICK = Sizes(skus=50, places=10, seconds=1.0, runs=1)


def main() -> None:
    report = Report.begin(bench="reserve", about="Reservations through the Python API.")
    sizes = QUICK if report.is_quick else FULL
    with installed() as cluster, clients() as run:
        report.postgres = str(cluster.programs)
        report.note("compared", " ".join((__doc__ or "").split()))
        report.note(
            "literals",
            "pgbench once more with the constant values in the statement's text, which the server"
            " works out once, with the plan; the product's values are parameters.",
        )
        report.progress("building the stock")
        stock = build(cluster=cluster, skus=sizes.skus, places=sizes.places)
        _spread(report, cluster, run, stock, sizes, suffix="")
        _hot(report, run, stock, sizes)
        _last_units(report, run, stock)
        _crossed(report, cluster, run, stock, sizes)
        report.progress("ten times the stock")
        stock = ten_times(cluster=cluster, stock=stock)
        _spread(report, cluster, run, stock, sizes, suffix="_10x_stock_rows")
        report.progress("comparing every level with its movements and reservations")
        report.figure("broken_invariants", _broken_invariants(stock.merchant_id), aim="= 0")
    report.end()


def _spread(
    report: Report, cluster: Cluster, run: Run, stock: Stock, sizes: Sizes, *, suffix: str
) -> None:
    """One unit each of any SKU at any place; the product and pgbench take turns."""
    from santong.inventory.services.promise import STATEMENT  # noqa: PLC0415  Django is set up

    script = reserve_script(statement=STATEMENT, stock=stock)
    task = Task("single", stock, seed=0, seconds=sizes.seconds)
    warm_up = min(2.0, sizes.seconds)
    _served(run, replace(task, seconds=warm_up))
    run_pgbench(cluster=cluster, script=script, clients=CLIENTS, seconds=warm_up)

    def limit(script: Script) -> float:
        return run_pgbench(cluster=cluster, script=script, clients=CLIENTS, seconds=sizes.seconds)

    rates, limits, literals, python, everything = [], [], [], [], []
    for turn in range(1, sizes.runs + 1):
        report.progress(f"spread over {stock.rows:,} levels, turn {turn}")
        before = cpu_seconds(cluster.pids)
        done = _served(run, replace(task, seed=turn))
        database = cpu_seconds(cluster.pids) - before
        rates.append(done.served / sizes.seconds)
        python.append(done.cpu_seconds / done.served * 1e6)
        everything.append((done.cpu_seconds + database) / done.served * 1e6)
        limits.append(limit(script))
        literals.append(limit(with_literals(script)))
    rate = statistics.median(rates)
    report.figure(f"stock_rows{suffix}", stock.rows)
    report.figure(f"reserve_per_s_spread{suffix}", rate)
    report.figure(f"pgbench_per_s_spread{suffix}", statistics.median(limits))
    report.figure(f"ratio_to_pgbench{suffix}", rate / statistics.median(limits), aim="≥ 0.7")
    report.figure(f"ratio_to_pgbench_literals{suffix}", rate / statistics.median(literals))
    report.figure(f"cpu_us_per_reserve{suffix}", statistics.median(everything))
    report.figure(f"python_cpu_us_per_reserve{suffix}", statistics.median(python))


def _hot(report: Report, run: Run, stock: Stock, sizes: Sizes) -> None:
    """Everybody wants the same SKU at the same place: one by one, and in batches."""
    one = one_level(stock=stock)
    for kind, name, aim in (
        ("single", "reserve_per_s_hot", ""),
        ("batch", "reserve_per_s_hot_batched", "≥ 5,000"),
    ):
        report.progress(f"one hot SKU, {kind}")
        task = Task(kind, one, seed=0, seconds=sizes.seconds)
        _served(run, replace(task, seconds=min(2.0, sizes.seconds)))
        rates = [
            _served(run, replace(task, seed=turn)).served / sizes.seconds
            for turn in range(1, sizes.runs + 1)
        ]
        report.figure(name, statistics.median(rates), aim=aim)
    report.note("batched", f"{BATCH} claims of one unit in a transaction, each served or refused.")


def _last_units(report: Report, run: Run, stock: Stock) -> None:
    report.progress("50 units, 200 attempts")
    drop = last_units(stock=stock, left=50)
    done = run(Task("single", drop, seed=1, times=200))
    report.figure("sold_of_50", done.served, aim="= 50")
    report.figure("refused_of_200", done.refused, aim="= 150")
    plenty_again(stock=drop)


def _crossed(report: Report, cluster: Cluster, run: Run, stock: Stock, sizes: Sizes) -> None:
    """Orders of two of ten SKUs at one place, in any order."""
    report.progress("crossed orders of two lines")
    few = replace(stock, first_sku=stock.first_sku + 1, last_sku=stock.first_sku + 10)
    few = replace(few, last_location=few.first_location)
    before = _deadlocks(cluster)
    done = run(Task("crossed", few, seed=1, seconds=sizes.seconds))
    report.figure("crossed_per_s", done.served / sizes.seconds)
    report.figure("deadlock_errors", _deadlocks(cluster) - before + len(done.errors), aim="= 0")
    if done.errors:
        report.note("errors", "; ".join(sorted(set(done.errors))))


def _served(run: Run, task: Task) -> Done:
    """A run in which nobody may be refused."""
    done = run(task)
    if done.refused or done.errors:
        raise SystemExit(f"{task.kind}: {done.refused} refused, {done.errors[:3]}")
    return done


def _deadlocks(cluster: Cluster) -> int:
    with psycopg.connect(cluster.superuser_url) as connection:
        row = connection.execute("SELECT sum(deadlocks)::int FROM pg_stat_database").fetchone()
    return int(row[0]) if row else 0


def _broken_invariants(merchant_id: int) -> int:
    from santong.inventory import public as inventory  # noqa: PLC0415
    from santong.kernel import tenancy  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant_id):
        return len(inventory.check_invariants(merchant_id=merchant_id, now=datetime.now(UTC)))


if __name__ == "__main__":
    main()
