"""Writing a new order with its lines and payments: one trip, whoever else has the same number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection, models
from psycopg.types.numeric import Int8

from santong.orders.models.orders import Order, OrderLine
from santong.orders.models.payments import PaymentEvent

Field = Any  # Django's fields take no parameters at run time

# What no new order has yet. The driver keeps what it has read of a statement only up to fifty
# values, so none is sent in vain.
_YET_TO_COME = (
    "shipped_at",
    "delivered_at",
    "cancelled_at",
    "shipped_quantity",
    "delivered_quantity",
    "cancelled_quantity",
)


def insert_once(
    *, order: Order, lines: Sequence[OrderLine], payments: Sequence[PaymentEvent]
) -> bool:
    """Insert an order with all that belongs to it and give it its ids; false if it is there.

    Whoever comes second with a number waits until the first has ended, then inserts nothing.
    """
    values = [_typed(getattr(order, field.attname)) for field in _fields(Order)]
    for rows in (lines, payments):
        model = OrderLine if rows is lines else PaymentEvent
        values += [
            [_typed(getattr(row, field.attname)) for row in rows] for field in _fields(model)
        ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), values)
        ids = cursor.fetchall()
    for line, (order_id, line_id) in zip(lines, ids, strict=bool(ids)):
        order.id = line.order_id = order_id
        line.id = line_id
    return bool(ids)


@cache
def _statement() -> str:
    return f"""
    WITH placed AS (
        INSERT INTO orders_order ({_columns(Order)})
        VALUES ({", ".join("%s" for _ in _fields(Order))})
        ON CONFLICT (merchant_id, external_number, storefront_id) DO NOTHING
        RETURNING id
    ), lined AS (
        INSERT INTO orders_orderline (order_id, {_columns(OrderLine)})
        SELECT placed.id, line.* FROM placed, unnest({_arrays(OrderLine)}) AS line
        RETURNING id, number
    ), moved AS (
        INSERT INTO orders_paymentevent (order_id, {_columns(PaymentEvent)})
        SELECT placed.id, event.* FROM placed, unnest({_arrays(PaymentEvent)}) AS event
    )
    SELECT placed.id, lined.id FROM placed, lined ORDER BY lined.number
    """  # noqa: S608  columns of our own tables


def _fields(model: type[models.Model]) -> list[Field]:
    """What is written: the id is the database's, the order's id the statement's."""
    fields: Iterable[Field] = model._meta.local_concrete_fields
    return [field for field in fields if field.name not in {"id", "order", *_YET_TO_COME}]


def _columns(model: type[models.Model]) -> str:
    return ", ".join(str(field.column) for field in _fields(model))


def _arrays(model: type[models.Model]) -> str:
    """A cast to varchar(60) would cut in silence; varchar lets the column refuse."""
    kinds = [field.rel_db_type(connection) or "" for field in _fields(model)]
    return ", ".join(f"%s::{kind.partition('(')[0]}[]" for kind in kinds)


def _typed(value: Any) -> Any:
    """One type for all whole numbers: one plan, whether an order costs 1 yuan or a million."""
    return Int8(value) if type(value) is int else value
