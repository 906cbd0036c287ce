"""What is sent again, or instead, is an order of its own, promised like any other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final, Literal

from santong.aftersales.contracts import NewUnit
from santong.aftersales.events import ReplacementPlaced
from santong.aftersales.models import Case, CaseLine, Replacement
from santong.aftersales.rules.numbers import replacement_number
from santong.aftersales.rules.replacing import Priced, priced
from santong.aftersales.services.lock_case import record
from santong.fulfilment import public as fulfilment
from santong.kernel import outbox, tenancy
from santong.orders import public as orders
from santong.routing import public as routing
from santong.stores import public as stores

# How long a buyer may take to pay for what is dearer than what they had.
TO_PAY: Final = timedelta(days=7)


def place_replacement(
    case: Case,
    lines: Sequence[CaseLine],
    *,
    order: orders.Order,
    cause: Literal["resend", "exchange"],
    worth_minor: int,
    is_held: bool,
    now: datetime,
) -> Replacement:
    """Place the order that a case makes, and bind its stock. The case is locked.

    What the old units are worth pays for the new ones; a buyer who chose something dearer owes the
    difference, and has a week to pay it. Held, nobody is asked to pack it before `let_go`.

    Raises OutOfStock and what placing an order raises. Emits ReplacementPlaced.
    """
    number = Replacement.objects.of_merchant(case.merchant_id).filter(case=case.id).count() + 1
    price = priced(_units(case, lines), worth_minor=worth_minor, is_free=cause == "resend")
    placed, _ = routing.promise_order(
        merchant_id=case.merchant_id,
        order=_new_order(case, order, price, number=number, now=now),
        now=now,
    )
    if placed.state == "placed":
        orders.extend_hold(
            merchant_id=case.merchant_id,
            order_id=placed.id,
            hold_until=now + TO_PAY,
            give_up_at=now + TO_PAY,
            reason=f"case {case.number} waits for the difference",
            now=now,
        )
    if is_held:
        fulfilment.hold_back(
            merchant_id=case.merchant_id,
            order_id=placed.id,
            reason=f"case {case.number} waits for the goods",
            now=now,
        )
    row = Replacement.objects.create(
        merchant_id=case.merchant_id,
        case=case,
        number=number,
        order_id=placed.id,
        external_number=placed.external_number,
        cause=cause,
        difference_minor=placed.total_minor,
        carried_minor=price.carried_minor,
        is_held=is_held,
    )
    record(
        case,
        action="place_replacement",
        reason=cause,
        before={},
        now=now,
        order=placed.external_number,
        difference_minor=row.difference_minor,
    )
    outbox.publish(
        ReplacementPlaced(
            case_id=case.id,
            number=case.number,
            order_id=case.order_id,
            replacement_order_id=placed.id,
            cause=cause,
            difference_minor=row.difference_minor,
        ),
        now=now,
    )
    return row


def _units(case: Case, lines: Sequence[CaseLine]) -> list[NewUnit]:
    """What was decided to send; without a word, the same again."""
    if case.units:
        return [NewUnit(**unit) for unit in case.units]
    return [NewUnit(sku_code=line.sku_code, quantity=line.quantity) for line in lines]


def _new_order(
    case: Case, order: orders.Order, price: Priced, *, number: int, now: datetime
) -> orders.NewOrder:
    counter = _counter(case, order)
    return orders.NewOrder(
        storefront_code=order.storefront_code,
        external_number=replacement_number(case.id, number),
        placed_at=now,
        currency=order.currency,
        lines=tuple(orders.NewLine(**asdict(line)) for line in price.lines),
        discount_minor=price.carried_minor,
        recipient=_recipient(case, order, now),
        mode="pickup" if counter else "ship",
        pickup_location_code=counter or None,
    )


def _counter(case: Case, order: orders.Order) -> str:
    """Where it is collected: as decided, or where the order was; else it is sent."""
    if case.collect_at or order.pickup_location_id is None:
        return case.collect_at
    ids = [order.pickup_location_id]
    return stores.locations_by_id(merchant_id=case.merchant_id, location_ids=ids)[ids[0]].code


def _recipient(case: Case, order: orders.Order, now: datetime) -> orders.Recipient:
    """Who had the first one, in clear text for the new order alone: nobody here is shown it."""
    with tenancy.acting_as(tenancy.SYSTEM):
        revealed = orders.reveal_recipient(
            merchant_id=case.merchant_id,
            order_id=order.id,
            reason=f"sent again for case {case.number}",
            now=now,
        )
    return revealed.recipient
