from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from santong.inventory import public as inventory
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.routing import public as routing
from santong.simulation.contracts import Crew, Progress, Step, Worked
from santong.simulation.rules.demo.shape import DemoMerchant, Destiny, Order
from santong.simulation.services.find_crew import find_crew
from santong.simulation.services.place_demo_order import place_demo_order
from santong.simulation.services.work_order import work_order

FURTHEST_BY_DESTINY: dict[Destiny, Step] = {
    "offered": "offered",
    "declined_once": "offered",
    "accepted": "accepted",
    "picking": "picking",
    "packed": "packed",
    "handed_over": "handed_over",
    "delivered": "handed_over",
    "ready_for_pickup": "ready",
    "collected": "collected",
}
CANCELLED_AFTER = timedelta(minutes=25)


@dataclass(slots=True)
class Played:
    """What the week came to."""

    placed: int = 0
    refused: Counter[str] = field(default_factory=Counter[str])
    worked: Worked = field(default_factory=Worked)


def play_demo_week(
    *,
    merchant_id: int,
    demo: DemoMerchant,
    member_by_phone: Mapping[str, str],
    seed: int,
    until: datetime,
    progress: Progress,
) -> Played:
    """Place the week's orders and let places work on them, each as far as it is meant to come.

    Each order is a transaction of its own and has one effect, however often asked.
    """
    crew = find_crew(merchant_id=merchant_id, seed=seed)
    played = Played()
    for order in demo.orders:
        try:
            with tenancy.scope(merchant_id=merchant_id):
                member = member_by_phone.get(order.recipient.phone)
                played.worked.add(_play(merchant_id, order, member, crew, until))
            played.placed += 1
        except (routing.OutOfStock, routing.TooContended) as refusal:
            played.refused[refusal.code] += 1
        progress(1)
    _let_time_pass(merchant_id, until)
    return played


def _let_time_pass(merchant_id: int, until: datetime) -> None:
    """Holds that ran out during the week have ended, and orders that nobody paid are given up."""
    for passed in (inventory.expire_due, orders.expire_unpaid):
        done = 1
        while done:
            with tenancy.scope(merchant_id=merchant_id):
                done = passed(merchant_id=merchant_id, now=until)


def _play(
    merchant_id: int, order: Order, member: str | None, crew: Crew, until: datetime
) -> Worked:
    placed = place_demo_order(merchant_id=merchant_id, order=order, member_reference=member)
    if order.destiny == "cancelled":
        orders.cancel_order(
            merchant_id=merchant_id,
            order_id=placed.id,
            reason="the buyer changed their mind",
            now=min(order.placed_at + CANCELLED_AFTER, until),
        )
        return Worked()
    if order.destiny == "unpaid" or order.payment is None:
        return Worked()
    return work_order(
        merchant_id=merchant_id,
        order_id=placed.id,
        number=order.number,
        crew=crew,
        paid_at=order.payment.paid_at,
        until=until,
        furthest=FURTHEST_BY_DESTINY[order.destiny],
        declines_first=order.destiny == "declined_once",
    )
