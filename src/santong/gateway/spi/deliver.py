"""Sends what waits: claimed in one transaction, sent in none, settled in the next."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final

from django.db import connection as database

from santong.gateway.contracts import BreakerState
from santong.gateway.rules.breaker import FIRST_REST
from santong.gateway.selectors.lines import Line, line_by_id
from santong.gateway.selectors.sync import lines_with_work
from santong.gateway.services.claim_work import Parcel, claim_work
from santong.gateway.services.settle_work import return_work, settle_work
from santong.gateway.services.use_line import take_line
from santong.gateway.spi.outbound import Made, record, send
from santong.kernel import tenancy

AT_ONCE: Final = 8
# Whoever stops the worker waits for a job to end.
LONGEST_RUN_SECONDS: Final = 20.0
# A worker that dies leaves its claims; after this long another one takes them.
CLAIM_LIVES: Final = timedelta(seconds=60)

Clock = Callable[[], datetime]


def deliver(*, merchant_id: int, clock: Clock, seconds: float = LONGEST_RUN_SECONDS) -> int:
    """Send what is due over every connection of a merchant; how many deliveries were made.

    Each is made at least once and settled once; a line that fails is left alone.
    """
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    ends_at = time.monotonic() + seconds
    made = 0
    while time.monotonic() < ends_at:
        now = clock()
        with tenancy.scope(merchant_id=merchant_id):
            lines = lines_with_work(merchant_id=merchant_id, now=now)
        found = [_deliver_over(merchant_id, *line, clock) for line in lines]
        if not any(found):
            break
        made += sum(found)
    return made


def _deliver_over(merchant_id: int, connection_id: int, breaker: BreakerState, clock: Clock) -> int:
    now = clock()
    with tenancy.scope(merchant_id=merchant_id):
        line = line_by_id(merchant_id=merchant_id, connection_id=connection_id)
        if line is None or not line.is_active:
            return 0
        parcels = claim_work(
            merchant_id=merchant_id,
            line=line,
            most=AT_ONCE if breaker == "closed" else 1,
            until=now + CLAIM_LIVES,
            now=now,
        )
        generation = None
        if parcels:
            generation = take_line(merchant_id=merchant_id, connection_id=line.id, now=now)
        if generation is None:
            for parcel in parcels:
                return_work(
                    merchant_id=merchant_id, parcel=parcel, due_at=now + FIRST_REST, now=now
                )
            return 0
    sent = _send(line, parcels, now)
    now = clock()
    with tenancy.scope(merchant_id=merchant_id):
        for parcel, made in zip(parcels, sent, strict=True):
            settle_work(
                merchant_id=merchant_id,
                parcel=parcel,
                said=made.said,
                jitter_thousandths=secrets.randbelow(1_000),
                now=now,
            )
        for made in sent:
            record(line=line, made=made, generation=generation, now=now)
    return len(sent)


def _send(line: Line, parcels: Sequence[Parcel], now: datetime) -> list[Made]:
    """At the same time: they are of different lanes and members."""

    def one(parcel: Parcel) -> Made:
        return send(
            line=line,
            method=parcel.method,
            fields=parcel.fields,
            within_ms=line.answers_within_ms,
            now=now,
        )

    if len(parcels) == 1:
        return [one(parcels[0])]
    with ThreadPoolExecutor(max_workers=len(parcels)) as pool:
        return list(pool.map(one, parcels))
