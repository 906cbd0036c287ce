from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from santong.fulfilment import public as fulfilment
from santong.kernel import tenancy
from santong.orders import public as orders
from santong.payments import public as payments
from santong.simulation.contracts import Crew, Step, Worked
from santong.simulation.rules.demo.household import WALLET, WISHES, Wish, at_noon
from santong.simulation.rules.demo.shape import Order
from santong.simulation.services.pay_demo_money import Asked, Clock, by_wallet, pay_demo_money
from santong.simulation.services.place_demo_order import place_demo_order
from santong.simulation.services.take_step import actor_at, take_step

STEPS: Final[tuple[Step, ...]] = ("accepted", "picking", "packed", "handed_over")
SERIES: Final = "household"
PAID_AFTER: Final = timedelta(minutes=2)
SENT_AFTER: Final = timedelta(hours=20)


def sell_demo_household(
    *, merchant_id: int, bought: Sequence[Order], clock: Clock
) -> Mapping[str, orders.Order]:
    """Orders of the household brand, paid for, by the names of the wishes; each once.

    No scope is open. Emits what orders and payments emit.
    """
    with tenancy.scope(merchant_id=merchant_id):
        placed = [place_demo_order(merchant_id=merchant_id, order=order) for order in bought]
    waiting = [order for order in placed if not order.paid_minor]
    asked = [_asked(order) for order in waiting]
    intents = pay_demo_money(merchant_id=merchant_id, asked=asked, clock=clock)
    for order, intent in zip(waiting, intents, strict=True):
        with tenancy.scope(merchant_id=merchant_id):
            _take_in(merchant_id, order, intent)
    return {wish.name: order for wish, order in zip(WISHES, placed, strict=True)}


def send_demo_household(
    *, merchant_id: int, order_by_name: Mapping[str, orders.Order], crew: Crew, now: datetime
) -> None:
    """They are sent, and brought where they are to have arrived; each step once.

    No scope is open. Emits what fulfilment emits.
    """
    for wish in WISHES:
        with tenancy.scope(merchant_id=merchant_id):
            _send(merchant_id, wish, order_by_name[wish.name], crew, now)


def _asked(order: orders.Order) -> Asked:
    return Asked(
        document=orders.document_of(order_id=order.id),
        subject=f"订单 {order.external_number}",
        at=order.placed_at,
        tenders=(by_wallet(order.total_minor, account=WALLET),),
        series=SERIES,
    )


def _take_in(merchant_id: int, order: orders.Order, intent: payments.Intent) -> None:
    """The order is paid by what has come in for it: told again by the facts, it is known."""
    (tender,) = intent.tenders
    assert tender.captured_at is not None, "the buyer has paid"
    orders.take_money(
        merchant_id=merchant_id,
        order_id=order.id,
        payment=orders.NewPayment(
            external_id=tender.reference,
            provider=tender.account_code,
            amount_minor=tender.captured_minor,
            currency=intent.currency,
            paid_at=order.placed_at + PAID_AFTER,
        ),
        now=order.placed_at + PAID_AFTER,
    )


def _send(merchant_id: int, wish: Wish, order: orders.Order, crew: Crew, now: datetime) -> None:
    """The warehouse sends it the day after, and the carrier brings it on its day."""
    paid_at = order.placed_at + PAID_AFTER
    for work in fulfilment.start_order(merchant_id=merchant_id, order_id=order.id, now=paid_at):
        if not wish.is_sent or work.state != "offered":
            continue
        with tenancy.acting_as(actor_at(crew=crew, location_id=work.location_id)):
            for number, step in enumerate(STEPS):
                take_step(
                    merchant_id=merchant_id,
                    work=work,
                    step=step,
                    worked=Worked(),
                    now=paid_at + SENT_AFTER * number / len(STEPS),
                )
        if wish.arrived is not None:
            _bring(merchant_id, work.id, at_noon(now, wish.arrived))


def _bring(merchant_id: int, work_id: int, at: datetime) -> None:
    number = fulfilment.tracking_number_of(fulfilment_order_id=work_id)
    fulfilment.record_tracking(
        merchant_id=merchant_id,
        carrier=fulfilment.SIMULATED_CARRIER,
        tracking_number=number,
        key=f"demo-{number}",
        state="delivered",
        place="收货地址",
        at=at,
        now=at,
    )
