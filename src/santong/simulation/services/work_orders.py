from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context

from django.db import connection

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.simulation.contracts import Crew, Progress, Worked
from santong.simulation.services.begin_process import begin_process
from santong.simulation.services.work_order import work_order

FOREVER = timedelta(days=3_650)
DELIVERED_AFTER = timedelta(days=7)  # where nobody says when
AT_ONCE = 40
TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidOrder:
    """An order to work on: when it was paid, and when and where it is to arrive."""

    order_id: int
    number: str
    paid_at: datetime
    arrives_at: datetime | None
    city: str


def work_orders(
    *,
    merchant_id: int,
    paid: Sequence[PaidOrder],
    crew: Crew,
    processes: int,
    progress: Progress,
) -> Worked:
    """Let places work on orders to the end, and parcels arrive; in so many processes at once.

    What places do is drawn from the crew's seed. Which of two re-routed orders gets a last piece
    is chance when there is more than one process. Each order is a transaction of its own.
    """
    worked = Worked()
    for part in _parts(merchant_id, paid, crew, processes):
        worked.add(part)
        progress(part.orders)
    return worked


def _parts(
    merchant_id: int, paid: Sequence[PaidOrder], crew: Crew, processes: int
) -> Iterator[Worked]:
    work = partial(work_some, merchant_id, crew)
    chunks = [paid[start : start + AT_ONCE] for start in range(0, len(paid), AT_ONCE)]
    if processes == 1:
        yield from map(work, chunks)
        return
    with ProcessPoolExecutor(
        max_workers=processes,
        # A forked process would share this one's connection.
        mp_context=get_context("spawn"),
        initializer=begin_process,
        initargs=(connection.settings_dict["NAME"],),
    ) as pool:
        yield from pool.map(work, chunks)


def work_some(merchant_id: int, crew: Crew, paid: Sequence[PaidOrder]) -> Worked:
    """One process's share."""
    worked = Worked()
    for order in paid:
        worked.add(_work(merchant_id, crew, order))
        worked.orders += 1
    return worked


def _work(merchant_id: int, crew: Crew, order: PaidOrder) -> Worked:
    for _ in range(TRIES):
        try:
            with tenancy.scope(merchant_id=merchant_id):
                worked = work_order(
                    merchant_id=merchant_id,
                    order_id=order.order_id,
                    number=order.number,
                    crew=crew,
                    paid_at=order.paid_at,
                    until=order.paid_at + FOREVER,
                )
                worked.delivered = _deliver(merchant_id, order)
        except DomainError:
            continue
        return worked
    return Worked(left=1)


def _deliver(merchant_id: int, order: PaidOrder) -> int:
    """Parcels arrive on the day on which the real one did."""
    parcels = fulfilment.parcels_of(merchant_id=merchant_id, order_ids=[order.order_id])
    for parcel in parcels:
        arrives_at = order.arrives_at or parcel.handed_over_at + DELIVERED_AFTER
        at = max(arrives_at, parcel.handed_over_at)
        fulfilment.record_tracking(
            merchant_id=merchant_id,
            carrier=parcel.carrier,
            tracking_number=parcel.tracking_number,
            key=f"{parcel.tracking_number}:delivered",
            state="delivered",
            place=order.city,
            at=at,
            now=at,
        )
    return len(parcels)
