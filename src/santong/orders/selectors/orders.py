"""Reading orders. Recipients come masked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from santong.kernel import crypto, plans
from santong.kernel.errors import NoSuch
from santong.kernel.masking import phone_key
from santong.orders import contracts
from santong.orders.models import Order, OrderLine, PaymentEvent
from santong.orders.models.orders import PHONE_PURPOSE, OrderQuerySet

# So few orders that sorting them costs less than looking for them among all.
SHORT_STRETCH: Final = timedelta(days=7)


def order_by_id(
    *, merchant_id: int, order_id: int, location_ids: frozenset[int] | None = None
) -> contracts.Order:
    """One order. With `location_ids`, only if it was sold or is collected at one of them.

    Raises NoSuch.
    """
    found = orders_by_id(merchant_id=merchant_id, order_ids=[order_id], location_ids=location_ids)
    if order_id not in found:
        raise NoSuch(kind="order", key=str(order_id))
    return found[order_id]


def orders_by_id(
    *, merchant_id: int, order_ids: Iterable[int], location_ids: frozenset[int] | None = None
) -> dict[int, contracts.Order]:
    """Orders by their ids; unknown ids are left out."""
    rows = Order.objects.of_merchant(merchant_id).filter(id__in=set(order_ids))
    return {order.id: order for order in _with_lines(rows.visible_at(location_ids))}


def order_by_number(
    *, merchant_id: int, storefront_id: int, external_number: str
) -> contracts.Order | None:
    """The order that a storefront gave this number."""
    rows = Order.objects.of_merchant(merchant_id).filter(
        storefront_id=storefront_id, external_number=external_number
    )
    return next(iter(_with_lines(rows)), None)


def orders_numbered(
    *, merchant_id: int, external_number: str, location_ids: frozenset[int] | None = None
) -> list[contracts.Order]:
    """The orders that storefronts gave this number, oldest first; two storefronts may have."""
    rows = Order.objects.of_merchant(merchant_id).filter(external_number=external_number)
    return _with_lines(rows.visible_at(location_ids).order_by("id"))


def orders_placed(
    *,
    merchant_id: int,
    placed_from: datetime,
    placed_until: datetime,
    states: Collection[contracts.State] = (),
    location_ids: frozenset[int] | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[contracts.Order]:
    """Orders placed in a stretch of time, newest first, for whoever turns pages by their number."""
    rows = _placed(merchant_id, placed_from, placed_until, states, location_ids)
    return _with_lines(rows.order_by((F("id") + 0).desc())[offset : offset + limit])


def count_placed(
    *,
    merchant_id: int,
    placed_from: datetime,
    placed_until: datetime,
    states: Collection[contracts.State] = (),
    location_ids: frozenset[int] | None = None,
) -> int:
    """How many orders were placed in a stretch of time."""
    count: int = _placed(merchant_id, placed_from, placed_until, states, location_ids).count()
    return count


def orders_page(
    *,
    merchant_id: int,
    state: contracts.State | None = None,
    storefront_id: int | None = None,
    external_number: str | None = None,
    placed_from: datetime | None = None,
    placed_until: datetime | None = None,
    phone: str | None = None,
    member_id: int | None = None,
    location_ids: frozenset[int] | None = None,
    below_id: int | None = None,
    limit: int = 50,
) -> list[contracts.Order]:
    """Orders, newest first. `placed_until` is excluded; a phone is found in any writing."""
    plans.plan_for_values()
    rows = Order.objects.of_merchant(merchant_id).visible_at(location_ids)
    if below_id is not None:
        rows = rows.filter(id__lt=below_id)
    if state is not None:
        rows = rows.filter(state=state)
    if storefront_id is not None:
        rows = rows.filter(storefront_id=storefront_id)
    if external_number is not None:
        rows = rows.filter(external_number=external_number)
    if placed_from is not None:
        rows = rows.filter(placed_at__gte=placed_from)
    if placed_until is not None:
        rows = rows.filter(placed_at__lt=placed_until)
    if phone is not None:
        rows = rows.filter(phone_index=phone_index(merchant_id=merchant_id, phone=phone))
    if member_id is not None:
        rows = rows.filter(member=member_id)
    is_short = placed_from and placed_until and placed_until - placed_from <= SHORT_STRETCH
    # Walking down from the newest order, the planner thinks it will soon meet a day of last year.
    newest_first = (F("id") + 0).desc() if is_short else F("id").desc()
    return _with_lines(rows.order_by(newest_first)[:limit])


def _placed(
    merchant_id: int,
    placed_from: datetime,
    placed_until: datetime,
    states: Collection[contracts.State],
    location_ids: frozenset[int] | None,
) -> OrderQuerySet:
    plans.plan_for_values()
    rows = Order.objects.of_merchant(merchant_id).visible_at(location_ids)
    rows = rows.filter(placed_at__gte=placed_from, placed_at__lt=placed_until)
    return rows.filter(state__in=list(states)) if states else rows


def payments_of(*, merchant_id: int, order_id: int) -> list[contracts.Payment]:
    """What came in for an order and what has to go back, oldest first."""
    rows = PaymentEvent.objects.of_merchant(merchant_id).filter(order_id=order_id)
    return [row.as_contract() for row in rows.order_by("id")]


def phone_index(*, merchant_id: int, phone: str) -> bytes | None:
    """What equal telephone numbers have in common; none without digits."""
    key = phone_key(phone)
    if not key:
        return None
    return crypto.blind_index(merchant_id=merchant_id, value=key, purpose=PHONE_PURPOSE)


def _with_lines(rows: Iterable[Order]) -> list[contracts.Order]:
    found = list(rows)
    if not found:
        return []
    lines_by_order: dict[int, list[contracts.OrderLine]] = defaultdict(list)
    lines = OrderLine.objects.of_merchant(found[0].merchant_id).filter(
        order_id__in=[row.id for row in found]
    )
    for line in lines.order_by("order_id", "number"):
        lines_by_order[line.order_id].append(line.as_contract())
    return [row.as_contract(lines=tuple(lines_by_order[row.id])) for row in found]
