from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.kernel.errors import DomainError
from santong.simulation.contracts import Crew, Step, Worked
from santong.simulation.rules.behaviour import Habits, habits_of
from santong.simulation.services.take_step import actor_at, decline_work, take_step
from santong.simulation.services.work_order import OFFER

WORK_AT_ONCE = 200


def work_due(*, merchant_id: int, crew: Crew, speed: int, now: datetime) -> Worked:
    """Let every place do the one thing that is due now on each of its pieces of work.

    `speed` makes everybody so many times faster. What a person did meanwhile is left alone. Each
    step is a transaction of its own.
    """
    worked = Worked()
    for work in _live_work(merchant_id):
        habits = habits_of(
            seed=crew.seed,
            work=f"{work.order_id}/{work.location_id}/{work.attempt}",
            accept_ppm=crew.accept_ppm_by_place.get(work.location_id, 0),
        )
        step, due_at = _next(work, habits, speed)
        if due_at <= now:
            _do(merchant_id, work, step, habits, crew=crew, worked=worked, now=now)
    return worked


def _live_work(merchant_id: int) -> Iterator[fulfilment.FulfilmentOrder]:
    before_id = 1 << 62
    while True:
        with tenancy.scope(merchant_id=merchant_id):
            page = fulfilment.work_page(
                merchant_id=merchant_id,
                states=fulfilment.LIVE,
                before_id=before_id,
                limit=WORK_AT_ONCE,
            )
        yield from page
        if len(page) < WORK_AT_ONCE:
            return
        before_id = page[-1].id


def _next(work: fulfilment.FulfilmentOrder, habits: Habits, speed: int) -> tuple[Step, datetime]:
    """What the work asks for next, and when this place gets round to it."""
    accepted_at = work.accepted_at or work.created_at
    packed_at = work.packed_at or accepted_at
    is_pickup = work.mode == "pickup"
    match work.state:
        case "accepted":
            return "picking", accepted_at + habits.begins_after / speed
        case "picking":
            takes = habits.begins_after + habits.picks_for + habits.packs_for
            return "packed", accepted_at + takes / speed
        case "packed" if is_pickup:
            return "ready", packed_at
        case "packed":
            return "handed_over", packed_at + habits.waits_for_carrier / speed
        case "ready_for_pickup":
            return "collected", packed_at + habits.waits_for_buyer / speed
        case _:
            asked_at = (work.offer_expires_at or work.created_at) - OFFER
            return "accepted", asked_at + habits.answers_after / speed


def _do(
    merchant_id: int,
    work: fulfilment.FulfilmentOrder,
    step: Step,
    habits: Habits,
    *,
    crew: Crew,
    worked: Worked,
    now: datetime,
) -> None:
    actor = actor_at(crew=crew, location_id=work.location_id)
    try:
        with tenancy.scope(merchant_id=merchant_id, actor=actor):
            if step == "accepted" and habits.declines is not None:
                decline_work(
                    merchant_id=merchant_id, work=work, habits=habits, worked=worked, now=now
                )
            else:
                take_step(merchant_id=merchant_id, work=work, step=step, worked=worked, now=now)
    except DomainError:
        # A person was faster, or the order was cancelled: the next look shows what is left.
        return
