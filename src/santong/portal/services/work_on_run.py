"""A run is claimed by one worker, noted case by case, and ended; a lost claim notes nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from santong.kernel import crypto
from santong.kernel.tenancy import all_or_nothing
from santong.portal import contracts
from santong.portal.models import ConformanceRun
from santong.portal.models.runs import sealing_place
from santong.portal.rules.conformance.suite import Subject

# Longer than the slowest case; whoever takes a run over begins it anew.
CLAIM_LIVES: Final = timedelta(minutes=2)
MOST_CLAIMS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A run in somebody's hands, with all that it needs."""

    run_id: int
    claim: int
    app_key: str
    secret: str
    url: str
    subject: Subject


@all_or_nothing
def claim_run(*, merchant_id: int, now: datetime) -> Claimed | None:
    """Take the oldest run that nobody works on; None if there is none. Locks it.

    One that was taken over too often is given up: broken off.
    """
    row = (
        ConformanceRun.objects.of_merchant(merchant_id)
        .filter(state__in=["waiting", "running"])
        .filter(Q(claimed_until__isnull=True) | Q(claimed_until__lte=now))
        .order_by("id")
        .select_for_update(skip_locked=True, no_key=True)
        .first()
    )
    if row is None:
        return None
    if row.claim >= MOST_CLAIMS:
        _end(row, "broken_off", now)
        return None
    told = json.loads(
        crypto.decrypt(
            merchant_id=merchant_id, sealed=bytes(row.sealed), place=sealing_place(row.id)
        )
    )
    row.claim += 1
    row.state, row.claimed_until = "running", now + CLAIM_LIVES
    row.started_at, row.results = now, []
    row.save()
    return Claimed(
        run_id=row.id,
        claim=row.claim,
        app_key=row.app_key,
        secret=told["secret"],
        url=row.url,
        subject=Subject(
            seller_name=told["seller_name"],
            member_mobile=told["member_mobile"],
            mixed_mobile=told["mixed_mobile"],
            # Each try makes members of numbers that no try before it has used.
            run_number=row.id * (MOST_CLAIMS + 1) + row.claim,
        ),
    )


@all_or_nothing
def note_results(
    *,
    merchant_id: int,
    claimed: Claimed,
    results: Sequence[contracts.CaseResult],
    cases_total: int,
    is_done: bool,
    now: datetime,
) -> bool:
    """Keep what has come out so far; false if somebody else has taken the run over. Locks it."""
    row = (
        ConformanceRun.objects.of_merchant(merchant_id)
        .filter(id=claimed.run_id, claim=claimed.claim, state="running")
        .select_for_update(no_key=True)
        .first()
    )
    if row is None:
        return False
    row.results = [asdict(result) for result in results]
    row.cases_total = cases_total
    row.claimed_until = now + CLAIM_LIVES
    if is_done:
        _end(row, "done", now)
    else:
        row.save()
    return True


def _end(row: ConformanceRun, state: contracts.RunState, now: datetime) -> None:
    row.state, row.ended_at = state, now
    row.claimed_until, row.sealed = None, b""
    row.save()
