from __future__ import annotations

from datetime import datetime

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.kernel.tenancy import all_or_nothing
from santong.simulation.contracts import Crew, Step, Worked
from santong.simulation.rules.behaviour import Habits


@all_or_nothing
def take_step(
    *,
    merchant_id: int,
    work: fulfilment.FulfilmentOrder,
    step: Step,
    worked: Worked,
    now: datetime,
) -> None:
    """Let a place do the next thing that its work asks for, and count it."""
    match step:
        case "accepted":
            fulfilment.accept(merchant_id=merchant_id, fulfilment_order_id=work.id, now=now)
            worked.accepted += 1
        case "picking":
            fulfilment.start_picking(merchant_id=merchant_id, fulfilment_order_id=work.id, now=now)
        case "packed":
            _pack(merchant_id, work, now)
        case "handed_over":
            fulfilment.hand_over(
                merchant_id=merchant_id,
                fulfilment_order_id=work.id,
                carrier=fulfilment.SIMULATED_CARRIER,
                tracking_number=fulfilment.tracking_number_of(fulfilment_order_id=work.id),
                now=now,
            )
            worked.handed_over += 1
        case "ready":
            fulfilment.make_ready(merchant_id=merchant_id, fulfilment_order_id=work.id, now=now)
        case "collected":
            _collect(merchant_id, work, now)
            worked.collected += 1
        case "offered":
            pass


@all_or_nothing
def decline_work(
    *,
    merchant_id: int,
    work: fulfilment.FulfilmentOrder,
    habits: Habits,
    worked: Worked,
    now: datetime,
) -> None:
    """Let a place refuse its work for the reason that its habits have, and count it."""
    assert habits.declines is not None
    fulfilment.decline(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        reason=habits.declines,
        now=now,
    )
    worked.declined[habits.declines] += 1


def actor_at(*, crew: Crew, location_id: int) -> tenancy.Actor:
    """Who acts when a simulated place does."""
    return tenancy.Actor(
        kind="system", id="simulation", name=crew.name_by_place.get(location_id, "")
    )


def _pack(merchant_id: int, work: fulfilment.FulfilmentOrder, now: datetime) -> None:
    fulfilment.record_picked(
        merchant_id=merchant_id,
        fulfilment_order_id=work.id,
        picked_by_line={line.order_line_id: line.quantity for line in work.lines},
        now=now,
    )
    fulfilment.pack(merchant_id=merchant_id, fulfilment_order_id=work.id, now=now)


def _collect(merchant_id: int, work: fulfilment.FulfilmentOrder, now: datetime) -> None:
    """The buyer shows a code; asked for anew, because only its hash is kept."""
    ready = fulfilment.make_ready(merchant_id=merchant_id, fulfilment_order_id=work.id, now=now)
    fulfilment.collect(
        merchant_id=merchant_id, fulfilment_order_id=work.id, code=ready.code, now=now
    )
