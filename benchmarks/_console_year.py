"""A year of a merchant's orders, made from a week of them by plain SQL.

Each order of the week is a pattern. Its copies are spread evenly over the year, each with its
lines, payments, promises, movements, work, parcels, trail, decision and facts, under ids that
follow time as real ones do. Copies older than some days are of orders that have ended. Counters
of stock stay as they are: no page adds movements up over a level's whole life.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg
from psycopg import sql

from santong_launcher.postgres import DATABASE

YEAR = timedelta(days=365)
# Orders of the last days are in every state; earlier ones have arrived or were cancelled.
STILL_OPEN = timedelta(days=3)
FACTS_KEPT = timedelta(days=30)
DATABASE_WORKERS = 2

IS_OLD = "c.is_old"
ARRIVED = "p.state IN ('shipped', 'handed_over')"


@dataclass(frozen=True, slots=True)
class Part:
    """A table whose rows belong to an order: how to find the order, and what a copy changes."""

    table: str
    order: str  # of a row `s`
    values: dict[str, str] = field(default_factory=dict)
    where: str = "true"


def _copied(table: str, column: str) -> str:
    """The id of the copy of the row that a column names."""
    return f"(SELECT c.g * m.width + m.base + m.rank FROM of_{table} m WHERE m.id = p.{column})"  # noqa: S608  words of this module


def _own(table: str) -> str:
    return f"(SELECT w.order_id FROM of_{table} w WHERE w.id = s.{{}})"  # noqa: S608  as above


HOLDER = "'order:' || c.order_id"
UNIQUE = "p.{0} || '-' || c.g"

PARTS = (
    Part(
        "orders_orderline",
        "s.order_id",
        {
            "delivered_quantity": f"CASE WHEN {IS_OLD} THEN p.shipped_quantity"
            " ELSE p.delivered_quantity END"
        },
    ),
    Part("orders_paymentevent", "s.order_id", {"external_id": UNIQUE.format("external_id")}),
    Part(
        "fulfilment_fulfilmentorder",
        "s.order_id",
        {
            "state": f"CASE WHEN {IS_OLD} AND {ARRIVED} THEN 'delivered' ELSE p.state END",
            "delivered_at": f"CASE WHEN {IS_OLD} AND {ARRIVED}"
            " THEN p.handed_over_at + c.later + interval '2 days'"
            " ELSE p.delivered_at + c.later END",
        },
    ),
    Part(
        "fulfilment_fulfilmentline",
        _own("fulfilment_fulfilmentorder").format("fulfilment_order_id"),
        {"order_line_id": _copied("orders_orderline", "order_line_id")},
    ),
    Part("fulfilment_offer", _own("fulfilment_fulfilmentorder").format("fulfilment_order_id")),
    Part(
        "fulfilment_parcel",
        "s.order_id",
        {
            "tracking_number": UNIQUE.format("tracking_number"),
            "state": f"CASE WHEN {IS_OLD} THEN 'delivered' ELSE p.state END",
            "delivered_at": f"CASE WHEN {IS_OLD}"
            " THEN p.handed_over_at + c.later + interval '2 days'"
            " ELSE p.delivered_at + c.later END",
        },
    ),
    Part("fulfilment_exceptioncase", "s.order_id", where="NOT c.is_old"),
    Part(
        "inventory_reservation",
        "substring(s.holder FROM '^order:([0-9]+)$')::bigint",
        {"holder": HOLDER, "line_id": _copied("orders_orderline", "line_id")},
    ),
    Part(
        "inventory_stockmovement",
        "substring(s.holder FROM '^order:([0-9]+)$')::bigint",
        {
            "holder": HOLDER,
            "line_id": _copied("orders_orderline", "line_id"),
            "key": UNIQUE.format("key"),
        },
    ),
    Part("routing_sourcingdecision", "s.order_id"),
    Part(
        "kernel_auditentry",
        "CASE s.subject WHEN 'order' THEN s.subject_id WHEN 'fulfilment_order' THEN "
        + _own("fulfilment_fulfilmentorder").format("subject_id")
        + " END",
        {
            "subject_id": "CASE p.subject WHEN 'order' THEN c.order_id ELSE "
            + _copied("fulfilment_fulfilmentorder", "subject_id")
            + " END"
        },
    ),
    Part(
        "kernel_outboxevent",
        "substring(s.aggregate FROM '^(?:holder:order|order_id):([0-9]+)$')::bigint",
        {"aggregate": "regexp_replace(p.aggregate, '[0-9]+$', c.order_id::text)"},
        where="c.has_facts",
    ),
)
REFERENCES = {
    "order_id": "c.order_id",
    "fulfilment_order_id": _copied("fulfilment_fulfilmentorder", "fulfilment_order_id"),
}
# What others are found by stands first; the rest is filled side by side.
FIRST = {"orders_orderline", "fulfilment_fulfilmentorder"}


@dataclass(frozen=True, slots=True)
class Year:
    """What to make, and where."""

    superuser_url: str
    schema: str
    merchant_id: int
    orders: int
    ends: datetime


Seal = Callable[[int, str, bytes, str], bytes]


def spread_over_a_year(year: Year, *, seal: Seal, tell: Callable[[str], None]) -> None:
    """Fill the tables and let the database count them.

    `seal(storefront_id, number, sealed, new number)` seals a recipient for the copy of an order.
    """
    with _connected(year) as database:
        tell("patterns")
        _patterns(database, year)
        tell("orders")
        _orders(database, seal)
    with ThreadPoolExecutor(DATABASE_WORKERS) as pool:
        for _ in pool.map(lambda part: _copy(year, part, tell), PARTS):
            pass
    with _connected(year) as database:
        tell("tidying up")
        for table in ("orders_order", *(part.table for part in PARTS)):
            name = sql.Identifier(table)
            database.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, 'id'), max(id)) FROM {}").format(
                    sql.Literal(table), name
                )
            )
        database.execute("DROP TABLE copy")
        for part in PARTS:
            database.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(f"of_{part.table}")))
        database.execute("VACUUM ANALYZE")
        database.execute("CHECKPOINT")


def _connected(year: Year) -> psycopg.Connection[tuple[object, ...]]:
    """As superuser, who may leave out what the product checks at every insert."""
    connection = psycopg.connect(year.superuser_url, dbname=DATABASE, autocommit=True)
    connection.execute(sql.SQL("SET search_path TO {}").format(sql.Identifier(year.schema)))
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET maintenance_work_mem = '256MB'")
    return connection


def _patterns(database: psycopg.Connection[tuple[object, ...]], year: Year) -> None:
    """Which order is copied when, and which place each of its rows has among its own."""
    database.execute(
        """
        CREATE UNLOGGED TABLE copy AS
        WITH known AS (
            SELECT array_agg(id ORDER BY id) AS orders, array_agg(id ORDER BY id)
                FILTER (WHERE state IN ('shipped', 'delivered', 'cancelled')) AS ended
            FROM orders_order WHERE merchant_id = %(merchant)s
        ), moment AS (
            SELECT g, %(ends)s::timestamptz - %(year)s::interval * (1 - g::float / %(orders)s) AS at
            FROM generate_series(1, %(orders)s) g
        ), picked AS (
            SELECT g, at, at < %(ends)s::timestamptz - %(open)s::interval AS is_old,
                CASE WHEN at < %(ends)s::timestamptz - %(open)s::interval
                    THEN ended[g * 7919::bigint %% cardinality(ended) + 1]
                    ELSE orders[g * 7919::bigint %% cardinality(orders) + 1]
                END AS pattern
            FROM moment, known
        )
        SELECT g, at, is_old, at > %(ends)s::timestamptz - %(facts)s::interval AS has_facts,
            pattern, (SELECT max(id) FROM orders_order) + g AS order_id, at - o.placed_at AS later,
            o.external_number || '-' || g AS number
        FROM picked JOIN orders_order o ON o.id = pattern
        """,
        {
            "merchant": year.merchant_id,
            "orders": year.orders,
            "ends": year.ends,
            "year": YEAR,
            "open": STILL_OPEN,
            "facts": FACTS_KEPT,
        },
    )
    database.execute("ANALYZE copy")
    for part in PARTS:
        name = sql.Identifier(f"of_{part.table}")
        database.execute(
            sql.SQL(
                """
                CREATE UNLOGGED TABLE {name} AS
                SELECT id, order_id, row_number() OVER (PARTITION BY order_id ORDER BY id) AS rank,
                    0::bigint AS width, (SELECT max(id) FROM {table}) AS base
                FROM (SELECT s.id, {order} AS order_id FROM {table} s WHERE merchant_id = {id}) s
                WHERE order_id IS NOT NULL
                """
            ).format(
                name=name,
                table=sql.Identifier(part.table),
                order=sql.SQL(part.order),
                id=sql.Literal(year.merchant_id),
            )
        )
        database.execute(sql.SQL("UPDATE {0} SET width = (SELECT max(rank) FROM {0})").format(name))
        database.execute(sql.SQL("CREATE UNIQUE INDEX ON {} (id)").format(name))
        database.execute(sql.SQL("VACUUM ANALYZE {}").format(name))


def _orders(database: psycopg.Connection[tuple[object, ...]], seal: Seal) -> None:
    """The orders themselves; each recipient is sealed for its own order."""
    database.execute("CREATE TEMP TABLE sealed (g bigint, recipient bytea)")
    patterns = {
        row[0]: row[1:]
        for row in database.execute(
            "SELECT id, storefront_id, external_number, recipient_sealed FROM orders_order"
        )
    }
    copies = database.execute("SELECT g, pattern, number FROM copy").fetchall()
    with database.cursor().copy("COPY sealed FROM STDIN (FORMAT BINARY)") as rows:
        rows.set_types(["int8", "bytea"])
        for g, pattern, number in copies:
            storefront_id, own_number, sealed = patterns[pattern]
            rows.write_row((g, seal(storefront_id, own_number, sealed, number)))  # type: ignore[arg-type]
    database.execute("ANALYZE sealed")
    is_shipped = f"{IS_OLD} AND p.state = 'shipped'"
    values = {
        "id": "c.order_id",
        "external_number": "c.number",
        "recipient_sealed": "sealed.recipient",
        "state": f"CASE WHEN {is_shipped} THEN 'delivered' ELSE p.state END",
        "delivered_at": f"CASE WHEN {is_shipped}"
        " THEN p.shipped_at + c.later + interval '2 days' ELSE p.delivered_at + c.later END",
    }
    _insert(
        database,
        "orders_order",
        values,
        "copy c JOIN orders_order p ON p.id = c.pattern JOIN sealed USING (g)",
    )


def _copy(year: Year, part: Part, tell: Callable[[str], None]) -> None:
    with _connected(year) as database:
        own = f"of_{part.table}"
        _insert(
            database,
            part.table,
            {"id": "c.g * own.width + own.base + own.rank", **REFERENCES, **part.values},
            f"copy c JOIN {own} own ON own.order_id = c.pattern"
            f" JOIN {part.table} p ON p.id = own.id WHERE {part.where}",
        )
        tell(part.table)


def _insert(
    database: psycopg.Connection[tuple[object, ...]],
    table: str,
    values: dict[str, str],
    source: str,
) -> None:
    """Copies in the order of time; every instant moves with its order."""
    columns = list(_columns(database, table))
    told = [
        values.get(name) or (f"p.{name} + c.later" if is_time else f"p.{name}")
        for name, is_time in columns
    ]
    names = ", ".join(name for name, _ in columns)
    database.execute(
        f"INSERT INTO {table} ({names}) SELECT {', '.join(told)} FROM {source}"  # type: ignore[arg-type]  # noqa: S608  the words above
        " ORDER BY c.g"
    )


def _columns(
    database: psycopg.Connection[tuple[object, ...]], table: str
) -> Iterator[tuple[str, bool]]:
    yield from database.execute(  # type: ignore[misc]
        "SELECT column_name::text, data_type = 'timestamp with time zone'"
        " FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
