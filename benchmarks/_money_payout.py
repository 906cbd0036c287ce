"""A payout to many parties, drafted by one, approved by another and sent, by a process of its own.

What that process takes of memory is its own peak: it has just started, and makes nothing else.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path

from _money_merchant import ACCOUNT, CURRENCY, Merchant

# Django is set up by the benchmark before anything here is called.
# ruff: noqa: PLC0415

EACH_MINOR = 1_234
IN_ONE_GO = 5_000
BEGINS_AT = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class PaidOut:
    """What a payout took: seconds of each step, and the most memory of its process."""

    lines: int
    draft_seconds: float
    approve_seconds: float
    send_seconds: float
    cpu_seconds: float
    peak_mb: float
    grown_mb: float

    @property
    def seconds(self) -> float:
        return self.draft_seconds + self.approve_seconds + self.send_seconds


def open_parties(*, merchant: Merchant, first: int, until: int) -> None:
    """Parties that can be paid, each of which is owed the same."""
    from santong.kernel import tenancy

    for begin in range(first, until, IN_ONE_GO):
        numbers = range(begin, min(begin + IN_ONE_GO, until))
        with tenancy.scope(merchant_id=merchant.merchant_id):
            _open(merchant.merchant_id, numbers)


def pay_out(*, merchant: Merchant) -> PaidOut:
    """All that is due, from the draft to the transfers' queue."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_pay_out, args=(theirs, merchant.merchant_id), daemon=True)
    process.start()
    found: PaidOut = ours.recv()
    process.join(10)
    return found


def _open(merchant_id: int, numbers: range) -> None:
    from santong.kernel import crypto
    from santong.payments import public as payments
    from santong.settlement.models import Entry, Party
    from santong.settlement.selectors.parties import place_of_receiver

    codes = [f"clerk:B{number}" for number in numbers]
    parties = Party.objects.bulk_create(
        Party(
            merchant_id=merchant_id,
            code=code,
            kind="clerk",
            name=code,
            account_code=ACCOUNT,
            receiver_sealed=crypto.encrypt(
                merchant_id=merchant_id,
                plain=f"openid-{code}".encode(),
                place=place_of_receiver(code),
            ),
            opened_at=BEGINS_AT,
        )
        for code in codes
    )
    Entry.objects.bulk_create(
        Entry(
            merchant_id=merchant_id,
            party=party,
            kind="corrected",
            currency=CURRENCY,
            amount_minor=EACH_MINOR,
            at=BEGINS_AT,
            reason="opening",
        )
        for party in parties
    )
    shared = payments.AccountKey(f"money:{CURRENCY}", "shared", "opening")
    payments.post_many(
        merchant_id=merchant_id,
        source="settlement",
        txns=[
            payments.NewTxn(
                key=f"opening:{party.id}",
                kind="opening",
                entries=(
                    payments.NewEntry(
                        payments.payable_account(currency=CURRENCY, party=f"party:{party.id}"),
                        EACH_MINOR,
                    ),
                    payments.NewEntry(shared, -EACH_MINOR),
                ),
                occurred_at=BEGINS_AT,
            )
            for party in parties
        ],
        now=BEGINS_AT,
    )


def _pay_out(pipe: Connection, merchant_id: int) -> None:
    import django

    django.setup()
    from santong.kernel.settled import settle
    from santong.settlement import jobs, public

    settle()
    before, cpu, began = _peak_mb(), time.process_time(), time.perf_counter()
    with _hands(merchant_id, "1"):
        run = public.draft_payouts(
            merchant_id=merchant_id,
            account_code=ACCOUNT,
            currency=CURRENCY,
            minimum_minor=1,
            limits=public.PayoutLimits(per_second=1_000),
            now=BEGINS_AT,
        )
    _until_done(merchant_id, jobs.let_drafts_go_on, BEGINS_AT)
    drafted = time.perf_counter()
    with _hands(merchant_id, "2"):
        run = public.approve_payouts(merchant_id=merchant_id, run_id=run.id, now=BEGINS_AT)
    approved = time.perf_counter()
    # Some time later, when the provider's pace keeps nothing back any more.
    sent = _until_done(merchant_id, jobs.let_payouts_be_sent, BEGINS_AT + timedelta(hours=1))
    ended = time.perf_counter()
    if (run.lines, run.amount_minor) != (sent, sent * EACH_MINOR):
        raise SystemExit(f"{run.lines} lines were drafted, {sent} sent")
    pipe.send(
        PaidOut(
            lines=sent,
            draft_seconds=drafted - began,
            approve_seconds=approved - drafted,
            send_seconds=ended - approved,
            cpu_seconds=time.process_time() - cpu,
            peak_mb=_peak_mb(),
            grown_mb=_peak_mb() - before,
        )
    )


def _hands(merchant_id: int, number: str) -> AbstractContextManager[object]:
    from santong.kernel import tenancy

    actor = tenancy.Actor(kind="staff", id=number, name="李梅")
    return tenancy.scope(merchant_id=merchant_id, actor=actor)


def _until_done(merchant_id: int, job: Callable[..., object], now: datetime) -> int:
    """What a job that runs every few seconds does until nothing is left; how much it was."""
    from santong.kernel import tenancy

    done = 0
    while True:
        with tenancy.scope(merchant_id=merchant_id):
            more = int(str(job(merchant_id=merchant_id, now=now)))
        if not more:
            return done
        done += more


def _peak_mb() -> float:
    """The most memory so far; `getrusage` would count what the parent had, too."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == "VmHWM":
            return int(value.split()[0]) / 1024
    raise SystemExit("this system does not say how much memory a process has had")
