from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from santong.kernel import jobs, tenancy
from santong.simulation.contracts import Bars
from santong.simulation.errors import NothingToReplay
from santong.simulation.rules.paid.outcome import PaidReport
from santong.simulation.rules.paid.plan import sums_of
from santong.simulation.services.find_findings import find_findings
from santong.simulation.services.open_payments_merchant import open_payments_merchant
from santong.simulation.services.prove_payments import prove_payments
from santong.simulation.services.read_paid import read_paid
from santong.simulation.services.reconcile_payments import reconcile_payments
from santong.simulation.services.replay_payments import replay_payments


def run_payments_replay(
    *,
    directory: Path,
    merchant_code: str,
    orders_max: int | None = None,
    now: datetime,
    bars: Bars,
) -> PaidReport:
    """Let what was paid for Olist's orders be paid again, prove the books, explain what differs.

    With the code of an earlier run it goes on where that one was.

    Raises FilesMissing, ColumnsMissing, FileUnreadable, NothingToReplay.
    """
    seconds: dict[str, float] = {}
    with _timed(seconds, "read"):
        orders, tally = read_paid(directory=directory, orders_max=orders_max)
    if not orders:
        raise NothingToReplay(directory=str(directory), orders_read=tally.rows_by_file["orders"])
    merchant_id = open_payments_merchant(code=merchant_code, now=orders[0].asked_at)
    with _timed(seconds, "pay"):
        replay_payments(
            merchant_id=merchant_id,
            orders=orders,
            progress=bars("收款 payments", len(orders)),
        )
    with _timed(seconds, "reconcile"):
        reconciled = reconcile_payments(merchant_id=merchant_id, orders=orders, now=now, bars=bars)
    with _timed(seconds, "prove"):
        proof = prove_payments(
            merchant_id=merchant_id, orders=orders, progress=bars("核对 proof", 1)
        )
        findings = tuple(find_findings(merchant_id=merchant_id))
    with tenancy.scope(merchant_id=merchant_id):
        jobs.resume_jobs(merchant_id=merchant_id)
    return PaidReport(
        made_at=now,
        directory=str(directory),
        merchant_code=merchant_code,
        orders=orders,
        sums=sums_of(orders),
        proof=proof,
        reconciled=reconciled,
        findings=findings,
        tally=tally,
        seconds_by_part=seconds,
    )


@contextmanager
def _timed(seconds: dict[str, float], part: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    seconds[part] = time.perf_counter() - begun
