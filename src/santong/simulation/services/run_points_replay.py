from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from santong.kernel import jobs, tenancy
from santong.simulation.contracts import Bars
from santong.simulation.rules.purchases.outcome import PointsReport
from santong.simulation.rules.purchases.plan import begins, ending, plan_of
from santong.simulation.services.open_purchases_merchant import (
    enrol_buyers,
    open_purchases_merchant,
)
from santong.simulation.services.prove_points import prove_points
from santong.simulation.services.read_purchases import read_purchases
from santong.simulation.services.replay_purchases import replay_purchases


def run_points_replay(
    *, directory: Path, merchant_code: str, now: datetime, bars: Bars
) -> PointsReport:
    """Read published purchases, let their members earn and lose points by them, prove the sums.

    All of it is moved by whole days, so that it ends yesterday and members live on.

    Raises FilesMissing, ColumnsMissing, FileUnreadable, NothingToReplay.
    """
    progress = bars("读取 files", 1)
    published = read_purchases(directory=directory)
    progress(1)
    plan = plan_of(published)
    yesterday = now.astimezone(plan.clock).date() - timedelta(days=1)
    history = ending(published, on=yesterday, clock=plan.clock)
    first = history.baskets[0].bought_at.astimezone(plan.clock).date()
    opens_at = begins(first - timedelta(days=1), clock=plan.clock)
    merchant_id = open_purchases_merchant(
        code=merchant_code, history=history, plan=plan, now=opens_at
    )
    member_by_name = enrol_buyers(merchant_id=merchant_id, history=history, bars=bars, now=opens_at)
    replayed = replay_purchases(
        merchant_id=merchant_id,
        history=history,
        plan=plan,
        member_by_name=member_by_name,
        bars=bars,
    )
    progress = bars("核对 proof", 1)
    proof = prove_points(
        merchant_id=merchant_id,
        history=history,
        plan=plan,
        member_by_name=member_by_name,
        burnt=replayed.burnt,
        until=replayed.until,
    )
    with tenancy.scope(merchant_id=merchant_id):
        jobs.resume_jobs(merchant_id=merchant_id)
    progress(1)
    return PointsReport(
        made_at=now,
        directory=str(directory),
        merchant_code=merchant_code,
        history=history,
        plan=plan,
        member_by_name=member_by_name,
        replayed=replayed,
        proof=proof,
    )
