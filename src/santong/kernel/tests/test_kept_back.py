"""What is kept back goes with the next statement, in its order."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction

from santong.kernel import tenancy, wire
from santong.kernel.models import IdempotencyKey

NOTE = wire.Statement("INSERT INTO notes (text) VALUES (%(text)s)")
NOTES = wire.Statement("SELECT text FROM notes ORDER BY id")
END_SESSION = wire.Statement(
    "SELECT CASE WHEN %(now)s::bool THEN pg_terminate_backend(pg_backend_pid()) END"
)


@pytest.fixture
def notes(merchant: int) -> Iterator[int]:
    """A table that lasts as long as this connection, with both statements prepared."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE notes"
            " (id bigserial, text text NOT NULL CHECK (text <> 'forbidden'))"
        )
    with tenancy.scope(merchant_id=merchant):
        NOTE.rows({"text": "prepared"})
        NOTES.rows({})
        transaction.set_rollback(True)
    with tenancy.scope(merchant_id=merchant):
        NOTE.rows({"text": "prepared"})
        NOTES.rows({})
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM notes")
    yield merchant
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS notes")


def written(merchant: int) -> list[str]:
    with tenancy.scope(merchant_id=merchant):
        return [text for (text,) in NOTES.rows({})]


def test_what_is_kept_back_is_committed(notes: int) -> None:
    with tenancy.scope(merchant_id=notes):
        for number in range(3):
            NOTE.later({"text": str(number)})

    assert written(notes) == ["0", "1", "2"]


def test_whatever_is_read_afterwards_sees_what_was_kept_back(notes: int) -> None:
    with tenancy.scope(merchant_id=notes):
        NOTE.later({"text": "first"})
        by_wire = NOTES.rows({})
        NOTE.later({"text": "second"})
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM notes")
            by_cursor = cursor.fetchone()

    assert (by_wire, by_cursor) == ([("first",)], (2,))


def test_a_refusal_is_told_by_the_next_statement_and_nothing_stays(notes: int) -> None:
    def work() -> None:
        with tenancy.scope(merchant_id=notes):
            for text in ("allowed", "forbidden", "never reached"):
                NOTE.later({"text": text})
            NOTES.rows({})
            raise AssertionError("unreachable")

    with pytest.raises(IntegrityError):
        work()

    assert written(notes) == []


def test_a_refusal_while_committing_is_told_by_the_scope(notes: int) -> None:
    with pytest.raises(IntegrityError), tenancy.scope(merchant_id=notes):
        NOTE.later({"text": "forbidden"})

    assert written(notes) == []


def test_what_was_kept_back_for_a_savepoint_ends_with_it(notes: int) -> None:
    with tenancy.scope(merchant_id=notes):
        NOTE.later({"text": "before"})
        with transaction.atomic():
            NOTE.later({"text": "inside"})
            transaction.set_rollback(True)
        NOTE.later({"text": "after"})

    assert written(notes) == ["before", "after"]


def test_what_was_kept_back_is_dropped_with_its_transaction(notes: int) -> None:
    def fail() -> None:
        with tenancy.scope(merchant_id=notes):
            NOTE.later({"text": "failed"})
            raise LookupError

    with tenancy.scope(merchant_id=notes):
        NOTE.later({"text": "rolled back"})
        transaction.set_rollback(True)
    with pytest.raises(LookupError):
        fail()

    assert written(notes) == []


def test_kept_back_work_that_waits_for_a_lock_leaves_other_threads_alone(merchant: int) -> None:
    lock = wire.Statement("SELECT pg_advisory_xact_lock(%(number)s::bigint) IS NULL")
    is_held, may_end = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with tenancy.scope(merchant_id=merchant):
                lock.rows({"number": "77"})
                is_held.set()
                may_end.wait(10)
        finally:
            connection.close()

    with tenancy.scope(merchant_id=merchant):
        lock.rows({"number": "76"})
    other = threading.Thread(target=hold)
    other.start()
    assert is_held.wait(10)
    threading.Timer(0.2, may_end.set).start()

    with tenancy.scope(merchant_id=merchant):
        lock.later({"number": "77"})
        lock.later({"number": "76"})
    other.join(10)

    assert may_end.is_set()
    assert not other.is_alive()


def test_text_that_would_be_cut_at_a_nul_is_refused(notes: int) -> None:
    with pytest.raises(DataError), tenancy.scope(merchant_id=notes):
        NOTE.later({"text": "half\0lost"})
    with pytest.raises(DataError), tenancy.scope(merchant_id=notes):
        NOTE.rows({"text": "half\0lost"})

    assert written(notes) == []


def test_a_connection_that_is_lost_in_the_middle_of_a_trip_is_replaced(notes: int) -> None:
    def lose() -> None:
        with tenancy.scope(merchant_id=notes):
            NOTES.rows({})
            NOTE.later({"text": "lost"})
            END_SESSION.rows({"now": "t"})

    with tenancy.scope(merchant_id=notes):
        END_SESSION.rows({"now": "f"})
    with pytest.raises(OperationalError):
        lose()
    connection.close_if_unusable_or_obsolete()

    with tenancy.scope(merchant_id=notes):
        assert IdempotencyKey.objects.count() == 0
