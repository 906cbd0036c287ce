"""Tries that may fail only so often."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from santong.kernel import attempts

WITHIN = timedelta(minutes=15)


@pytest.fixture
def subject(database: None) -> str:
    return uuid.uuid4().hex


def take(subject: str, now: datetime, *, most: int = 5) -> timedelta | None:
    return attempts.take(subject=subject, most=most, within=WITHIN, now=now)


def test_five_tries_are_heard_and_the_sixth_waits_for_the_first_to_pass(
    subject: str, now: datetime
) -> None:
    heard = [take(subject, now + timedelta(minutes=n)) for n in range(5)]

    wait = take(subject, now + timedelta(minutes=5))

    assert heard == [None] * 5
    assert wait == timedelta(minutes=10)


def test_when_the_pause_is_over_one_more_is_heard(subject: str, now: datetime) -> None:
    for n in range(5):
        take(subject, now + timedelta(minutes=n))
    wait = take(subject, now + timedelta(minutes=5))
    assert wait is not None

    later = now + timedelta(minutes=5) + wait

    assert take(subject, later) is None
    assert take(subject, later) == timedelta(minutes=1)


def test_of_a_hundred_at_once_five_are_heard(
    subject: str, now: datetime, at_once: Callable[..., list[Any]]
) -> None:
    for _ in range(4):
        answers = at_once(*[lambda: take(subject, now)] * 25)
        assert not [answer for answer in answers if isinstance(answer, Exception)]
        heard = answers.count(None)
        assert heard in {0, 5}

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT cardinality(tries) FROM directory.attempt WHERE subject = %s",
            [attempts._hashed(subject)],  # noqa: SLF001
        )
        assert cursor.fetchone() == (5,)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(gaps=st.lists(st.integers(min_value=0, max_value=400), min_size=1, max_size=30))
def test_in_no_quarter_of_an_hour_more_than_five_are_heard(
    database: None, now: datetime, gaps: list[int]
) -> None:
    subject, at, heard = uuid.uuid4().hex, now, []

    for gap in gaps:
        at += timedelta(seconds=gap)
        if take(subject, at) is None:
            heard.append(at)

    for start in heard:
        assert len([t for t in heard if start <= t < start + WITHIN]) <= 5


def test_a_good_try_given_back_leaves_room_for_another(subject: str, now: datetime) -> None:
    for _ in range(5):
        take(subject, now)

    attempts.give_back(subject=subject, taken_at=now)

    assert take(subject, now) is None
    assert take(subject, now) == WITHIN


def test_who_has_proved_to_be_it_starts_anew(subject: str, now: datetime) -> None:
    for _ in range(5):
        take(subject, now)

    attempts.forget(subject=subject)

    assert [take(subject, now) for _ in range(6)] == [None] * 5 + [WITHIN]


def test_the_table_names_nobody(subject: str, now: datetime) -> None:
    take(subject, now)

    with connection.cursor() as cursor:
        cursor.execute("SELECT subject FROM directory.attempt")
        kept = [bytes(row[0]) for row in cursor.fetchall()]
    assert all(len(row) == 32 for row in kept)
    assert subject.encode() not in b"".join(kept)


def test_counters_of_long_ago_go_away(subject: str, now: datetime) -> None:
    take(subject, now)

    for n in range(20):
        take(f"{subject}-{n}", now + timedelta(days=2))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM directory.attempt WHERE subject = %s",
            [attempts._hashed(subject)],  # noqa: SLF001
        )
        assert cursor.fetchone() == (0,)


def test_a_counter_is_not_kept_in_a_transaction_that_may_be_rolled_back(
    merchant_id: int, now: datetime
) -> None:
    with pytest.raises(AssertionError):
        take("somebody", now)
