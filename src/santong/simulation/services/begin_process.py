from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.db import connection, connections

# Rows that are read make no rings; to look for them after every 700 objects is a tenth of the work.
OBJECTS_BETWEEN_COLLECTIONS = 50_000


def begin_process(database: str) -> None:
    """Make a new process ready to work in the same database as the one that started it."""
    django.setup()
    connections["default"].settings_dict["NAME"] = database
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
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
