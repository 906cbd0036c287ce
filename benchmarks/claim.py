"""Claims through the Python API, beside pgbench with the same statement.

Thirty-two clients want coupons of one hot batch, each for a member of their own: the product in two
processes of sixteen threads, pgbench in two threads of sixteen clients, in turns, against one
durable PostgreSQL (it waits for the disk). One claim is one transaction on both sides: what a scope
sets, the statement of `claim`, which counts on a slot, writes the coupon, its event, the member's
count and the fact, and the commit. What the product adds is Python.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import psycopg

from _claim_batches import PLENTY, Ground, fill, open_ground, run_batch
from _claim_clients import CLIENTS, Done, Run, Task, claimers
from _claim_limit import claim_script
from _load import cpu_seconds
from _product import installed
from _report import Report
from _reserve_limit import run_pgbench
from santong_launcher.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many coupons others hold already, and for how long it is measured."""

    coupons: int
    seconds: float
    runs: int


FULL = Sizes(coupons=50_000, seconds=6.0, runs=3)
QUICK = Sizes(coupons=500, seconds=2.0, runs=1)


def main() -> None:
    report = Report.begin(bench="claim", about="Claims through the Python API.")
    sizes = QUICK if report.is_quick else FULL
    with installed() as cluster, claimers() as run:
        report.postgres = str(cluster.programs)
        report.note("compared", " ".join((__doc__ or "").split()))
        ground = open_ground()
        report.progress(f"{sizes.coupons:,} coupons that others hold")
        report.figure(
            "issued_per_s",
            fill(cluster=cluster, ground=ground, code="before", coupons=sizes.coupons),
        )
        _hot(report, cluster, run, ground, sizes, suffix="")
        _one_slot(report, cluster, run, ground, sizes)
        _exactly(report, run, ground)
        report.progress("ten times the coupons")
        fill(cluster=cluster, ground=ground, code="more", coupons=sizes.coupons * 9)
        _hot(report, cluster, run, ground, sizes, suffix="_10x_coupons")
        report.progress("comparing every counter with its coupons")
        report.figure("broken_invariants", _broken_invariants(ground.merchant_id), aim="= 0")
    report.end()


def _hot(
    report: Report, cluster: Cluster, run: Run, ground: Ground, sizes: Sizes, *, suffix: str
) -> None:
    """Everybody wants a coupon of one batch; the product and pgbench take turns."""
    from santong.benefits.services.give_statements import ONE_SLOT  # noqa: PLC0415  Django is set up

    ours = run_batch(ground=ground, code=f"hot{suffix}", limit=PLENTY)
    theirs = run_batch(ground=ground, code=f"limit{suffix}", limit=PLENTY)
    script = claim_script(statement=ONE_SLOT, ground=ground, batch_id=theirs)
    task = Task(ground.merchant_id, ours, turn=0, seconds=sizes.seconds)
    warm_up = min(2.0, sizes.seconds)
    _all_claimed(run, replace(task, turn=_turn(suffix, 0), seconds=warm_up))
    run_pgbench(cluster=cluster, script=script, clients=CLIENTS, seconds=warm_up)
    rates, limits, p95s, python, everything = [], [], [], [], []
    for turn in range(1, sizes.runs + 1):
        report.progress(f"one hot batch{suffix}, turn {turn}")
        before = cpu_seconds(cluster.pids)
        done = _all_claimed(run, replace(task, turn=_turn(suffix, turn)))
        database = cpu_seconds(cluster.pids) - before
        rates.append(done.claimed / sizes.seconds)
        p95s.append(done.percentile(0.95))
        python.append(done.cpu_seconds / done.claimed * 1e6)
        everything.append((done.cpu_seconds + database) / done.claimed * 1e6)
        limits.append(
            run_pgbench(cluster=cluster, script=script, clients=CLIENTS, seconds=sizes.seconds)
        )
    rate, limit = statistics.median(rates), statistics.median(limits)
    report.figure(f"claims_per_s{suffix}", rate, aim="≥ 2,000")
    report.figure(f"claim_p95_ms{suffix}", statistics.median(p95s))
    report.figure(f"pgbench_per_s{suffix}", limit)
    report.figure(f"ratio_to_pgbench{suffix}", rate / limit)
    report.figure(f"cpu_us_per_claim{suffix}", statistics.median(everything))
    report.figure(f"python_cpu_us_per_claim{suffix}", statistics.median(python))


def _one_slot(report: Report, cluster: Cluster, run: Run, ground: Ground, sizes: Sizes) -> None:
    """What slots are for: the same batch with all of its limit in one row."""
    report.progress("the same with one slot")
    batch_id = run_batch(ground=ground, code="one-slot", limit=64)
    with psycopg.connect(cluster.superuser_url, dbname="santong", autocommit=True) as superuser:
        for statement in (
            "UPDATE {}.benefits_batchslot SET quota = {} * (slot = 0)::int WHERE batch_id = {}",
            "UPDATE {}.benefits_batch SET limit_total = {} WHERE id = {}",
        ):
            superuser.execute(statement.format(f'"{ground.schema}"', PLENTY, batch_id))
    task = Task(ground.merchant_id, batch_id, turn=90, seconds=sizes.seconds)
    done = _all_claimed(run, task)
    report.figure("claims_per_s_one_slot", done.claimed / sizes.seconds)


def _exactly(report: Report, run: Run, ground: Ground) -> None:
    report.progress("1,000 coupons, 2,000 claimers")
    batch_id = run_batch(ground=ground, code="drop", limit=1_000)
    done = run(Task(ground.merchant_id, batch_id, turn=91, times=2_000))
    report.figure("claimed_of_1000", done.claimed, aim="= 1,000")
    report.figure("refused_of_2000", done.refused, aim="= 1,000")
    report.figure("claim_errors", len(done.errors), aim="= 0")
    if done.errors:
        report.note("errors", "; ".join(sorted(set(done.errors))[:5]))


def _turn(suffix: str, turn: int) -> int:
    """A number that no other run has, so that nobody's members meet."""
    return turn + (50 if suffix else 0)


def _all_claimed(run: Run, task: Task) -> Done:
    """A run in which nobody may be refused."""
    done = run(task)
    if done.refused or done.errors:
        raise SystemExit(f"{done.refused} refused, {done.errors[:3]}")
    return done


def _broken_invariants(merchant_id: int) -> int:
    from santong.benefits import public as benefits  # noqa: PLC0415
    from santong.kernel import tenancy  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant_id):
        return len(benefits.check_invariants(merchant_id=merchant_id, now=datetime.now(UTC)))


if __name__ == "__main__":
    main()
