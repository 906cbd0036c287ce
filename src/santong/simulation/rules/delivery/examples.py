"""Deliveries that really happened, as columns: what was known when the buyer paid, and the days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from santong.simulation.rules.olist.tables import BRASILIA, OlistData, Order, OrderLine, Payment
from santong.simulation.rules.places import Floats, metres_between
from santong.simulation.rules.published.tally import Reason

DAY_SECONDS = 86_400
HOUR_DAYS = 1 / 24
WORDS_OF_REGION = 3  # digits of the postal prefix

Integers = npt.NDArray[np.int64]
Words = npt.NDArray[np.str_]


@dataclass(frozen=True, slots=True)
class Examples:
    """One row a delivered order, in purchase order. Instants are days since 1970, UTC.

    `days` and `handover_days` are what happened; everything else was known at purchase.
    """

    purchased: Floats
    days: Floats
    handover_days: Floats
    kilometres: Floats
    weekday: Integers
    hour: Integers
    is_boleto: npt.NDArray[np.bool_]
    kilograms: Floats
    seller: Words
    corridor: Words
    seller_state: Words
    buyer_state: Words
    buyer_region: Words
    promised_days: Integers
    delivered_on: Integers
    purchased_on: Integers
    left_out: Mapping[Reason, int]

    def __len__(self) -> int:
        return len(self.days)


def delivered_examples(data: OlistData) -> Examples:
    """Every order that was delivered after it was handed over; the others are counted."""
    rows: list[_Row] = []
    left_out: Counter[Reason] = Counter()
    for order in data.orders.values():
        reason = _why_not(order, data)
        if reason is None:
            rows.append(_row(order, data))
        else:
            left_out[reason] += 1
    rows.sort()
    return _columns(rows, left_out=left_out)


def instant(moment: datetime) -> float:
    """Days since 1970, UTC."""
    return moment.timestamp() / DAY_SECONDS


def day_number(day: date) -> int:
    """Whole days since 1970 of a calendar day, whatever the clock there."""
    return round(instant(datetime(day.year, day.month, day.day, tzinfo=UTC)))


class _Row(NamedTuple):
    purchased: float
    days: float
    handover_days: float
    kilometres: float
    weekday: int
    hour: int
    is_boleto: bool
    kilograms: float
    seller: str
    corridor: str
    seller_state: str
    buyer_state: str
    buyer_region: str
    promised_days: int
    delivered_on: int
    purchased_on: int


def _why_not(order: Order, data: OlistData) -> Reason | None:
    if order.order_id not in data.lines_by_order:
        return Reason.NO_LINES
    if order.delivered_at is None or order.status != "delivered":
        return Reason.NOT_DELIVERED
    if order.handed_over_at is not None and order.delivered_at < order.handed_over_at:
        return Reason.DELIVERED_BEFORE_HANDOVER
    return None


def _row(order: Order, data: OlistData) -> _Row:
    assert order.delivered_at is not None
    address = data.customers[order.customer_id].address
    farthest, kilometres = _farthest_line(order, data)
    seller = data.sellers[farthest.seller_id]
    purchased = instant(order.purchased_at)
    handed_over = instant(order.handed_over_at or order.delivered_at)
    purchased_on = day_number(order.purchased_at.date())
    return _Row(
        purchased=purchased,
        days=max(instant(order.delivered_at) - purchased, HOUR_DAYS),
        handover_days=max(handed_over - purchased, HOUR_DAYS),
        kilometres=kilometres,
        weekday=order.purchased_at.weekday(),
        hour=order.purchased_at.hour,
        is_boleto=_is_boleto(data.payments_by_order.get(order.order_id, ())),
        kilograms=data.products[farthest.product_id].weight_grams / 1_000,
        seller=seller.seller_id,
        corridor=f"{seller.address.state}>{address.state}",
        seller_state=seller.address.state,
        buyer_state=address.state,
        buyer_region=address.prefix[:WORDS_OF_REGION],
        promised_days=day_number(order.promised_on) - purchased_on,
        delivered_on=day_number(order.delivered_at.astimezone(BRASILIA).date()),
        purchased_on=purchased_on,
    )


def _farthest_line(order: Order, data: OlistData) -> tuple[OrderLine, float]:
    """An order has arrived when its last parcel has, and that one mostly comes from farthest."""
    to = data.points[data.customers[order.customer_id].address.prefix]
    farthest: tuple[int, OrderLine] | None = None
    for line in data.lines_by_order[order.order_id]:
        point = data.points[data.sellers[line.seller_id].address.prefix]
        metres = metres_between(
            latitude=point.latitude,
            longitude=point.longitude,
            other_latitude=to.latitude,
            other_longitude=to.longitude,
        )
        if farthest is None or metres > farthest[0]:
            farthest = (metres, line)
    assert farthest is not None
    return farthest[1], farthest[0] / 1_000


def _is_boleto(payments: Sequence[Payment]) -> bool:
    """A boleto is a slip paid at a bank, days later; all other ways are approved in the hour."""
    return any(payment.method == "boleto" for payment in payments)


def _columns(rows: Sequence[_Row], *, left_out: Mapping[Reason, int]) -> Examples:
    table = _Row(*zip(*rows, strict=True)) if rows else _Row(*([()] * len(_Row._fields)))  # type: ignore[arg-type]  # a row of columns
    return Examples(
        purchased=np.array(table.purchased, dtype=np.float64),
        days=np.array(table.days, dtype=np.float64),
        handover_days=np.array(table.handover_days, dtype=np.float64),
        kilometres=np.array(table.kilometres, dtype=np.float64),
        weekday=np.array(table.weekday, dtype=np.int64),
        hour=np.array(table.hour, dtype=np.int64),
        is_boleto=np.array(table.is_boleto, dtype=np.bool_),
        kilograms=np.array(table.kilograms, dtype=np.float64),
        seller=np.array(table.seller, dtype=np.str_),
        corridor=np.array(table.corridor, dtype=np.str_),
        seller_state=np.array(table.seller_state, dtype=np.str_),
        buyer_state=np.array(table.buyer_state, dtype=np.str_),
        buyer_region=np.array(table.buyer_region, dtype=np.str_),
        promised_days=np.array(table.promised_days, dtype=np.int64),
        delivered_on=np.array(table.delivered_on, dtype=np.int64),
        purchased_on=np.array(table.purchased_on, dtype=np.int64),
        left_out=dict(left_out),
    )
