"""How statements reach PostgreSQL, for reads and for the services above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection


def run(statement: str, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Send one statement in the open transaction and give its rows.

    It goes to the driver directly: Django's own cursor costs as much again as the statement's way
    to the server and back.
    """
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        rows: list[tuple[Any, ...]] = connection.connection.execute(statement, values).fetchall()
        return rows


def array(numbers: Iterable[int]) -> str:
    """Whole numbers as PostgreSQL reads an array: one type whatever their size, so one plan."""
    return "{" + ",".join(map(str, numbers)) + "}"
