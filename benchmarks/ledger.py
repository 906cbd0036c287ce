"""Spends of points through the Python API, beside pgbench with the same statements.

Both sides run sixteen clients against one durable PostgreSQL (it waits for the disk), in turns, so
that what else the machine does hits both: the product in two processes of eight threads, pgbench
in two threads of eight clients. One spend is one transaction on both sides, in two trips: what a
scope sets, the lock of the account, and the posting statement, which takes a point from the lot
that ends first, writes transaction, two entries and the use, and both balances; then the commit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import psycopg

from _clients import CLIENTS, PROCESSES, Run
from _ledger_accounts import ASSET, LOTS, Members, open_balances, open_merchant, settle
from _ledger_clients import Task, clients
from _ledger_limit import spend_script
from _product import installed
from _report import Report
from _reserve_limit import run_pgbench
from _turns import Turns, measure_in_turns, served
from santong_launcher.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is built and for how long it is measured."""

    members: int
    seconds: float
    runs: int


FULL = Sizes(members=10_000, seconds=6.0, runs=3)
QUICK = Sizes(members=200, seconds=1.0, runs=1)
RACERS = 50
RACED_FOR = 1_000


def main() -> None:
    report = Report.begin(bench="ledger", about="Spends of points through the Python API.")
    sizes = QUICK if report.is_quick else FULL
    with installed() as cluster:
        report.postgres = str(cluster.programs)
        report.note("compared", " ".join((__doc__ or "").split()))
        report.progress("opening balances")
        members = open_merchant()
        with clients() as run:
            members = _opened(report, cluster, members, sizes.members, suffix="")
            _spread(report, cluster, run, members, sizes, suffix="")
            _hot(report, cluster, run, members, sizes)
            report.progress("ten times the members")
            members = _opened(report, cluster, members, sizes.members * 10, suffix="_10x_members")
            _spread(report, cluster, run, members, sizes, suffix="_10x_members")
        _race(report, members)
        report.progress("comparing every balance and lot with the log")
        _sound(report, members)
    report.end()


def _opened(
    report: Report, cluster: Cluster, members: Members, until: int, *, suffix: str
) -> Members:
    per_second = open_balances(members=members, until=until)
    settle(cluster=cluster, members=members)
    report.figure(f"members{suffix}", until)
    report.figure(f"lots{suffix}", until * LOTS)
    report.figure(f"opening_txns_per_s{suffix}", per_second, aim="≥ 10,000" if suffix else "")
    return replace(members, last=until)


def _spread(
    report: Report, cluster: Cluster, run: Run, members: Members, sizes: Sizes, *, suffix: str
) -> None:
    """One point each of any member; the product and pgbench take turns."""
    from santong.payments.services.lock import LOCK  # noqa: PLC0415  Django is set up
    from santong.payments.services.posting import STATEMENT  # noqa: PLC0415

    script = spend_script(lock=LOCK, post=STATEMENT, members=members)
    task = Task("spend", members, seed=0, seconds=sizes.seconds)

    def limit(seconds: float) -> float:
        return run_pgbench(
            cluster=cluster,
            script=script,
            clients=CLIENTS,
            seconds=seconds,
            schema=members.schema,
        )

    warm_up = min(2.0, sizes.seconds)
    served(run, replace(task, seconds=warm_up))
    limit(warm_up)
    measure_in_turns(
        report,
        cluster,
        run,
        task,
        limit=limit,
        turns=Turns(
            one="spend",
            about=f"spread over {members.last:,} members",
            runs=sizes.runs,
            seconds=sizes.seconds,
            suffix=suffix,
        ),
        aim="≥ 0.5",
    )


def _hot(report: Report, cluster: Cluster, run: Run, members: Members, sizes: Sizes) -> None:
    """Everybody spends from one account; then few give to one another, crosswise."""
    report.progress("one hot account, and crossed transfers")
    one = replace(members, last=members.first)
    done = served(run, Task("spend", one, seed=1, seconds=sizes.seconds))
    report.figure("spends_per_s_hot", done.served / sizes.seconds)
    few = replace(members, last=members.first + 9)
    before = _deadlocks(cluster)
    done = run(Task("transfer", few, seed=1, seconds=sizes.seconds))
    report.figure("crossed_transfers_per_s", done.served / sizes.seconds)
    report.figure("deadlock_errors", _deadlocks(cluster) - before + len(done.errors), aim="= 0")
    if done.errors:
        report.note("errors", "; ".join(sorted(set(done.errors))))


def _race(report: Report, members: Members) -> None:
    """Fifty connections want twice what one account has."""
    report.progress(f"{RACERS} connections, {RACED_FOR} points, {2 * RACED_FOR} attempts")
    before = members.last
    open_balances(members=members, until=before + 1, each=RACED_FOR // LOTS)
    one = replace(members, first=before + 1, last=before + 1)
    with clients(threads=RACERS // PROCESSES) as run:
        done = run(Task("spend", one, seed=1, times=2 * RACED_FOR))
    report.figure("spent_of_1000", done.served, aim="= 1000")
    report.figure("overdrafts", max(0, done.served - RACED_FOR) + len(done.errors), aim="= 0")


def _sound(report: Report, members: Members) -> None:
    from santong.kernel import tenancy  # noqa: PLC0415
    from santong.payments import public as ledger  # noqa: PLC0415

    with tenancy.scope(merchant_id=members.merchant_id):
        found = ledger.check_invariants(merchant_id=members.merchant_id, now=datetime.now(UTC))
        replayed = ledger.rebuild(merchant_id=members.merchant_id)
        total = sum(
            each.amount for each in ledger.totals(merchant_id=members.merchant_id, asset=ASSET)
        )
    report.figure("broken_invariants", len(found), aim="= 0")
    report.figure("differences_to_the_replayed_log", len(replayed), aim="= 0")
    report.figure("sum_over_all_accounts", total, aim="= 0")


def _deadlocks(cluster: Cluster) -> int:
    with psycopg.connect(cluster.superuser_url) as connection:
        row = connection.execute("SELECT sum(deadlocks)::int FROM pg_stat_database").fetchone()
    return int(row[0]) if row else 0


if __name__ == "__main__":
    main()
