"""Writing a new order with its lines and payments: one trip, whoever else has the same number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

from santong.kernel.wire import Statement, octets, texts
from santong.orders.models.orders import Order, OrderLine
from santong.orders.models.payments import PaymentEvent

Field = Any  # Django's fields take no parameters at run time

# What no new order has yet.
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
    values = {f"order_{f.attname}": _text(getattr(order, f.attname)) for f in _fields(Order)}
    for name, model, rows in (
        ("line", OrderLine, lines),
        ("event", PaymentEvent, payments),
    ):
        for field in _fields(model):
            values[f"{name}_{field.attname}"] = texts(
                [_text(getattr(row, field.attname)) for row in rows]
            )
    ids = _statement().rows(values)
    for line, (order_id, line_id) in zip(lines, ids, strict=bool(ids)):
        order.id = line.order_id = order_id
        line.id = line_id
    return bool(ids)


@cache
def _statement() -> Statement:
    placed = ", ".join(f"%(order_{field.attname})s" for field in _fields(Order))
    return Statement(f"""
    WITH placed AS (
        INSERT INTO orders_order ({_columns(Order)})
        VALUES ({placed})
        ON CONFLICT (merchant_id, external_number, storefront_id) DO NOTHING
        RETURNING id
    ), lined AS (
        INSERT INTO orders_orderline (order_id, {_columns(OrderLine)})
        SELECT placed.id, line.* FROM placed, unnest({_arrays("line", OrderLine)}) AS line
        RETURNING id, number
    ), moved AS (
        INSERT INTO orders_paymentevent (order_id, {_columns(PaymentEvent)})
        SELECT placed.id, event.* FROM placed, unnest({_arrays("event", PaymentEvent)}) AS event
    )
    SELECT placed.id, lined.id FROM placed, lined ORDER BY lined.number
    """)  # noqa: S608  columns of our own tables


@cache
def _fields(model: type[models.Model]) -> list[Field]:
    """What is written: the id is the database's, the order's id the statement's."""
    fields: Iterable[Field] = model._meta.local_concrete_fields
    return [field for field in fields if field.name not in {"id", "order", *_YET_TO_COME}]


def _columns(model: type[models.Model]) -> str:
    return ", ".join(str(field.column) for field in _fields(model))


def _arrays(name: str, model: type[models.Model]) -> str:
    """A cast to varchar(60) would cut in silence; varchar lets the column refuse."""
    return ", ".join(
        f"%({name}_{field.attname})s::{(field.rel_db_type(connection) or '').partition('(')[0]}[]"
        for field in _fields(model)
    )


def _text(value: str | float | datetime | bytes | None) -> str | None:
    """A value as the server reads it."""
    match value:
        case None | str():
            return value
        case datetime():
            return value.isoformat()
        case bytes():
            return octets(value)
        case _:
            return str(value)
