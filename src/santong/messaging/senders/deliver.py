"""Sends what waits for an endpoint: claimed in one transaction, sent in none, then settled."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import connection as database

from santong.kernel import tenancy
from santong.messaging.rules.lanes import Parcel, Sent, lanes
from santong.messaging.senders.webhooks import Clock, send_webhook
from santong.messaging.services.claim_batch import Batch, claim_batch
from santong.messaging.services.settle_batch import settle_batch

LANES: Final = 4
# A sender that dies leaves its claim; after this long another one takes over.
CLAIM_LIVES: Final = timedelta(seconds=90)
# With time for the last try to end, well within the claim.
LONGEST_BATCH_SECONDS: Final = 30.0
FAILURES_THAT_STOP: Final = 3


def deliver_batch(
    *,
    merchant_id: int,
    endpoint_id: int,
    pool: ThreadPoolExecutor,
    clock: Clock,
    is_over: Callable[[], bool] = lambda: False,
) -> int:
    """Send an endpoint its next batch; how many messages it took. Outside any scope.

    Once `is_over`, nothing more is begun.
    """
    assert not database.in_atomic_block, "nothing slow happens inside a transaction"
    now = clock()
    with tenancy.scope(merchant_id=merchant_id):
        batch = claim_batch(
            merchant_id=merchant_id, endpoint_id=endpoint_id, until=now + CLAIM_LIVES, now=now
        )
    if batch is None:
        return 0
    sent = _send(batch, pool, clock, is_over)
    with tenancy.scope(merchant_id=merchant_id):
        settle_batch(
            batch=batch, sent=sent, jitter_thousandths=secrets.randbelow(1_000), now=clock()
        )
    return sum(each.outcome == "delivered" for each in sent)


def _send(
    batch: Batch, pool: ThreadPoolExecutor, clock: Clock, is_over: Callable[[], bool]
) -> list[Sent]:
    ends_at = time.monotonic() + LONGEST_BATCH_SECONDS
    work = partial(_send_lane, batch, clock, lambda: is_over() or time.monotonic() >= ends_at)
    return [
        each for lane in pool.map(work, lanes(parcels=batch.parcels, most=LANES)) for each in lane
    ]


def _send_lane(
    batch: Batch, clock: Clock, is_late: Callable[[], bool], lane: Sequence[Parcel]
) -> list[Sent]:
    """One after the other. Nothing of a key is sent after one of it that failed."""
    done: list[Sent] = []
    failed_keys: set[str] = set()
    in_a_row = 0
    for parcel in lane:
        is_stopped = in_a_row >= FAILURES_THAT_STOP or is_late()
        if is_stopped or parcel.key in failed_keys:
            failed_keys.add(parcel.key)
            done.append(Sent(parcel=parcel, outcome="untried"))
            continue
        sent = send_webhook(
            merchant_id=batch.merchant_id,
            url=batch.url,
            secrets=batch.secrets,
            parcel=parcel,
            now=clock(),
        )
        done.append(sent)
        if sent.outcome == "failed":
            failed_keys.add(parcel.key)
        in_a_row = in_a_row + 1 if sent.outcome == "failed" else 0
    return done
