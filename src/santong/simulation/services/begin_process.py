from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.db import connection, connections

from santong.kernel.settled import settle


def begin_process(database: str) -> None:
    """Make a new process ready to work in the same database as the one that started it."""
    django.setup()
    connections["default"].settings_dict["NAME"] = database
    settle()
    _wait_for_disk("off")


@contextmanager
def without_waiting_for_disk() -> Iterator[None]:
    """Commit without waiting until it is on disk, for work that goes on where it was interrupted.

    A server that loses power loses the last moments of it, whole transactions from the end; what
    is committed afterwards in the usual way brings all earlier ones to disk with it.
    """
    _wait_for_disk("off")
    try:
        yield
    finally:
        _wait_for_disk("DEFAULT")


def _wait_for_disk(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET synchronous_commit TO {word}")
