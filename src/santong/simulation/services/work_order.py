from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.simulation.contracts import STEPS, Crew, Step, Worked
from santong.simulation.rules.behaviour import Habits, habits_of
from santong.simulation.services.take_step import actor_at, decline_work, take_step

OFFER = timedelta(minutes=10)


@all_or_nothing
def work_order(
    *,
    merchant_id: int,
    order_id: int,
    number: str,
    crew: Crew,
    paid_at: datetime,
    until: datetime,
    furthest: Step = "collected",
    declines_first: bool = False,
) -> Worked:
    """Let the places that a paid order went to answer, pick, pack and hand over, each at its time.

    Nothing happens later than `until`, nor further than `furthest`; with `declines_first` the
    first place refuses. Emits what the doors of fulfilment emit. Locks the order's work.
    """
    worked = Worked()
    waiting = deque(fulfilment.start_order(merchant_id=merchant_id, order_id=order_id, now=paid_at))
    seen = {work.id for work in waiting}
    while waiting:
        work = waiting.popleft()
        habits = habits_of(
            seed=crew.seed,
            work=f"{number}/{work.location_id}/{work.attempt}",
            accept_ppm=crew.accept_ppm_by_place[work.location_id],
            declines=declines_first and work.attempt == 1,
        )
        answered_at = _somebody_is_there(work) + habits.answers_after
        if answered_at > until or (furthest == "offered" and habits.declines is None):
            continue
        with tenancy.acting_as(actor_at(crew=crew, location_id=work.location_id)):
            if habits.declines is None:
                _carry_out(
                    merchant_id,
                    work,
                    habits,
                    answered_at,
                    until=until,
                    furthest=furthest,
                    worked=worked,
                )
                continue
            decline_work(
                merchant_id=merchant_id, work=work, habits=habits, worked=worked, now=answered_at
            )
        for other in fulfilment.work_of(merchant_id=merchant_id, order_id=order_id):
            if other.id not in seen and other.state == "offered":
                seen.add(other.id)
                waiting.append(other)
                worked.rerouted += 1
    return worked


def _somebody_is_there(work: fulfilment.FulfilmentOrder) -> datetime:
    assert work.offer_expires_at is not None
    return work.offer_expires_at - OFFER


def _carry_out(
    merchant_id: int,
    work: fulfilment.FulfilmentOrder,
    habits: Habits,
    answered_at: datetime,
    *,
    until: datetime,
    furthest: Step,
    worked: Worked,
) -> None:
    """Every step that has come by then, one after the other."""
    at = answered_at
    for step, after in _steps(work, habits):
        at += after
        if at > until or STEPS.index(step) > STEPS.index(furthest):
            return
        take_step(merchant_id=merchant_id, work=work, step=step, worked=worked, now=at)


def _steps(work: fulfilment.FulfilmentOrder, habits: Habits) -> tuple[tuple[Step, timedelta], ...]:
    begin: tuple[tuple[Step, timedelta], ...] = (
        ("accepted", timedelta()),
        ("picking", habits.begins_after),
        ("packed", habits.picks_for + habits.packs_for),
    )
    if work.mode == "pickup":
        return (*begin, ("ready", timedelta()), ("collected", habits.waits_for_buyer))
    return (*begin, ("handed_over", habits.waits_for_carrier))
