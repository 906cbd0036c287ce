"""Payments through the Python API, beside pgbench with the same statements.

Sixteen clients against one durable PostgreSQL (it waits for the disk), in turns: the product in two
processes of eight threads, pgbench in two threads of eight clients. A payment is two transactions
on both sides: an intent with one part is opened; what its provider tells is taken in: tender,
intent, ledger, movements of money and fee, trail and fact. All money comes in at one account.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from _clients import CLIENTS, Run
from _load import cpu_seconds
from _money_clients import Task, buyers
from _money_limit import Statements, payment_script
from _money_merchant import Merchant, open_merchant, settle
from _money_payout import open_parties, pay_out
from _money_statement import PUBLIC_URL, storm
from _product import installed
from _report import Report
from _reserve_limit import run_pgbench
from _turns import Turns, measure_in_turns, served
from santong_launcher.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Sizes:
    """How long payments are measured, how many parties are paid, how many buyers have a day."""

    seconds: float
    runs: int
    parties: int
    buyers: int


FULL = Sizes(seconds=6.0, runs=3, parties=100_000, buyers=400)
QUICK = Sizes(seconds=1.0, runs=1, parties=200, buyers=14)
# So long even the busiest machine needs to connect everybody and to pay once.
LEAST_SECONDS_OF_PGBENCH = 3.0


def main() -> None:
    report = Report.begin(bench="money", about="Payments, payouts and statements.")
    sizes = QUICK if report.is_quick else FULL
    # Without an address nobody is told anything; the benchmark takes notices from it itself.
    os.environ["SANTONG_PUBLIC_URL"] = PUBLIC_URL
    with installed() as cluster:
        report.postgres = str(cluster.programs)
        report.note("compared", " ".join((__doc__ or "").split()))
        merchant = open_merchant()
        with buyers() as run:
            _payments(report, cluster, run, merchant, sizes)
        _payouts(report, cluster, merchant, sizes)
        _statement(report, merchant, sizes)
        report.progress("comparing what came in and went out with the ledger")
        report.figure("broken_invariants", _broken_invariants(merchant), aim="= 0")
    report.end()


def _payments(report: Report, cluster: Cluster, run: Run, merchant: Merchant, sizes: Sizes) -> None:
    """Everybody pays at one account; the product and pgbench take turns."""
    script = payment_script(statements=_statements(), merchant=merchant)
    task = Task(merchant.merchant_id, seed=0, seconds=sizes.seconds)

    def limit(seconds: float) -> float:
        return run_pgbench(
            cluster=cluster,
            script=script,
            clients=CLIENTS,
            seconds=max(seconds, LEAST_SECONDS_OF_PGBENCH),
            schema=merchant.schema,
        )

    if not report.is_quick:
        served(run, replace(task, seconds=2.0))
        limit(2.0)
    settle(cluster=cluster, merchant=merchant)
    measure_in_turns(
        report,
        cluster,
        run,
        task,
        limit=limit,
        turns=Turns(
            one="payment",
            about="payments at one account",
            runs=sizes.runs,
            seconds=sizes.seconds,
        ),
        aim="≥ 0.4",
    )


def _payouts(report: Report, cluster: Cluster, merchant: Merchant, sizes: Sizes) -> None:
    """Everybody is paid what is due; then ten times as many are."""
    report.note("payout_peak_mb", "the most memory of the process that drafts and sends the payout")
    opened = 0
    tenth = [("_tenth", sizes.parties // 10)]
    for suffix, parties in [*([] if report.is_quick else tenth), ("", sizes.parties)]:
        report.progress(f"opening balances of {parties:,} parties")
        # Those who were paid the last time are owed nothing any more.
        open_parties(merchant=merchant, first=opened, until=opened + parties)
        opened += parties
        settle(cluster=cluster, merchant=merchant)
        report.progress(f"a payout of {parties:,} lines")
        before = cpu_seconds(cluster.pids)
        paid = pay_out(merchant=merchant)
        cpu = paid.cpu_seconds + cpu_seconds(cluster.pids) - before
        report.figure(f"payout_lines{suffix}", paid.lines)
        report.figure(f"payout_lines_per_s{suffix}", paid.lines / paid.seconds)
        report.figure(f"payout_peak_mb{suffix}", paid.peak_mb)
        report.figure(f"payout_grown_mb{suffix}", paid.grown_mb)
        report.figure(f"payout_cpu_us_per_line{suffix}", cpu / paid.lines * 1e6)
        report.figure(f"payout_draft_seconds{suffix}", paid.draft_seconds)
        report.figure(f"payout_approve_seconds{suffix}", paid.approve_seconds)
        report.figure(f"payout_send_seconds{suffix}", paid.send_seconds)


def _statement(report: Report, merchant: Merchant, sizes: Sizes) -> None:
    """What a stormy provider's statement of a day says that neither books nor differences do."""
    report.progress(f"a day of {sizes.buyers} buyers at a stormy provider")
    found = storm(merchant=merchant, buyers=sizes.buyers)
    report.figure("statement_lines", found.lines)
    report.figure("named_differences", found.differences)
    report.figure("named_differences_minor_units", found.difference_minor)
    report.figure("unexplained_minor_units", found.unexplained_minor, aim="= 0")


def _statements() -> Statements:
    from santong.kernel import audit, outbox  # noqa: PLC0415  Django is set up
    from santong.payments.services import (  # noqa: PLC0415
        lock,
        open_intent,
        posting,
        see_payment,
    )

    return Statements(
        ask=open_intent.OPEN,
        lock=see_payment.LOCK,
        look=see_payment.LOOK,
        lock_accounts=lock.LOCK,
        post=posting.STATEMENT,
        take_in=see_payment.WRITE,
        trail=audit.STATEMENT,
        fact=outbox.STATEMENT,
    )


def _broken_invariants(merchant: Merchant) -> int:
    from santong.kernel import tenancy  # noqa: PLC0415
    from santong.payments import public as payments  # noqa: PLC0415
    from santong.settlement import public as settlement  # noqa: PLC0415

    with tenancy.scope(merchant_id=merchant.merchant_id):
        now = datetime.now(UTC)
        return len(
            payments.check_invariants(merchant_id=merchant.merchant_id, now=now)
            + settlement.check_invariants(merchant_id=merchant.merchant_id)
        )


if __name__ == "__main__":
    main()
