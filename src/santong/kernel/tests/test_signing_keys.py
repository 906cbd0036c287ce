"""Keys with which the installation signs."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from santong.kernel.signing_keys import add_key, published_keys

AtOnce = Callable[..., list[Any]]
NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
DAY = timedelta(days=1)


def test_of_many_who_ask_at_once_one_makes_the_key(database: None, at_once: AtOnce) -> None:
    purpose = uuid.uuid4().hex

    def ask() -> bool:
        return add_key(purpose=purpose, make=lambda: b"key", unless_younger_than=DAY, now=NOW)

    assert sorted(at_once(*[ask for _ in range(6)])) == [False] * 5 + [True]
    assert [key.plain for key in published_keys(purpose=purpose)] == [b"key"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM directory.signing_key WHERE purpose = %s", [purpose])
        assert b"key" not in bytes(cursor.fetchone()[0])


def test_the_newest_signs_and_the_one_before_is_published(database: None) -> None:
    purpose = uuid.uuid4().hex

    for number in range(3):
        add_key(
            purpose=purpose,
            make=lambda number=number: str(number).encode(),  # type: ignore[misc]
            unless_younger_than=DAY,
            now=NOW + number * DAY,
        )

    assert [key.plain for key in published_keys(purpose=purpose)] == [b"2", b"1"]
