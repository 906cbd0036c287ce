"""What goes to the server past the driver's cursors behaves as what goes through them."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from santong.kernel import tenancy, wire
from santong.kernel.models import IdempotencyKey

ECHO = wire.Statement(
    "SELECT %(number)s::bigint, %(text)s::text, %(flag)s::bool, 1 + %(number)s::bigint %% 7"
)


def keys(merchant: int) -> int:
    with tenancy.scope(merchant_id=merchant):
        return IdempotencyKey.objects.count()


def keep(merchant: int) -> None:
    IdempotencyKey.objects.bulk_create(
        [
            IdempotencyKey(
                merchant_id=merchant,
                key="once",
                request_hash=b"x" * 32,
                created_at="2026-11-11T00:00:00Z",
            )
        ]
    )


@pytest.mark.parametrize("turns", [1, 8])
def test_a_statement_answers_in_kind_however_often_it_is_sent(merchant_id: int, turns: int) -> None:
    for turn in range(turns):
        rows = ECHO.rows({"number": str(turn), "text": "羊毛 %s", "flag": "t"})

        assert rows == [(turn, "羊毛 %s", True, 1 + turn % 7)]


ARRAYS = wire.Statement(
    "SELECT t, n FROM unnest(%(texts)s::text[], %(numbers)s::bigint[]) AS a(t, n)"
)
HARD = ["", "NULL", "{a,b}", 'say "yes"', "back\\slash", "羊毛\n大衣", " , ", None]


def test_arrays_arrive_as_they_were_sent(merchant_id: int) -> None:
    rows = ARRAYS.rows({"texts": wire.texts(HARD), "numbers": wire.array(range(len(HARD)))})

    assert rows == list(zip(HARD, range(len(HARD)), strict=True))


def test_is_seen_by_whoever_counts_statements(merchant_id: int) -> None:
    with CaptureQueriesContext(connection) as caught:
        ECHO.rows({"number": "1", "text": "", "flag": "t"})

    assert len(caught) == 1


def test_nothing_is_nothing(merchant_id: int) -> None:
    for _ in range(3):
        assert ECHO.rows({"number": None, "text": None, "flag": None}) == [(None,) * 4]


def test_a_statement_is_found_again_after_everything_was_rolled_back(merchant: int) -> None:
    for turn in range(4):
        with tenancy.scope(merchant_id=merchant):
            assert ECHO.rows({"number": str(turn), "text": "", "flag": "f"})[0][0] == turn
            with transaction.atomic():
                IdempotencyKey.objects.count()
                transaction.set_rollback(True)
            assert ECHO.rows({"number": "7", "text": "", "flag": "f"})[0][0] == 7
            transaction.set_rollback(turn % 2 == 0)


@pytest.mark.parametrize("turns", [0, 5])
def test_a_refusal_of_the_server_is_djangos(merchant_id: int, turns: int) -> None:
    for _ in range(turns):
        ECHO.rows({"number": "1", "text": "", "flag": "t"})

    with pytest.raises(DataError, match="invalid input syntax"), transaction.atomic():
        ECHO.rows({"number": "one", "text": "", "flag": "t"})

    assert ECHO.rows({"number": "1", "text": "", "flag": "t"})[0][0] == 1


def test_a_scope_that_ends_well_is_committed(merchant: int) -> None:
    told = []

    with tenancy.scope(merchant_id=merchant):
        keep(merchant)
        transaction.on_commit(lambda: told.append(keys(merchant)))

    assert told == [1]


@pytest.mark.parametrize("inside", [True, False], ids=["raised", "doomed"])
def test_a_scope_that_ends_badly_is_not(merchant: int, *, inside: bool) -> None:
    def work() -> None:
        with tenancy.scope(merchant_id=merchant):
            keep(merchant)
            transaction.set_rollback(not inside)
            if inside:
                raise ZeroDivisionError

    if inside:
        with pytest.raises(ZeroDivisionError):
            work()
    else:
        work()

    assert keys(merchant) == 0


def test_what_is_refused_at_the_commit_is_raised_and_leaves_nothing(merchant: int) -> None:
    def work() -> None:
        with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
            keep(merchant)
            cursor.execute(
                "CREATE TEMP TABLE later (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"
                " ON COMMIT DROP"
            )
            cursor.execute("INSERT INTO later VALUES (1), (1)")

    with pytest.raises(IntegrityError, match="unique"):
        work()

    assert keys(merchant) == 0
    assert not connection.in_atomic_block


def end_session(pid: int) -> None:
    """From a connection of its own; until the session is really gone."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    finally:
        connection.close()


def test_a_connection_that_was_lost_is_opened_again_for_the_next_work(merchant: int) -> None:
    def lose() -> None:
        with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        lose()
    connection.close_if_unusable_or_obsolete()

    assert keys(merchant) == 0


def test_a_connection_that_was_lost_between_two_scopes_is_not_noticed(merchant: int) -> None:
    with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    ended = threading.Thread(target=end_session, args=(pid,))
    ended.start()
    ended.join()

    assert keys(merchant) == 0


def test_others_go_on_while_one_waits_for_the_server(merchant: int) -> None:
    steps: list[str] = []

    def wait() -> None:
        try:
            with tenancy.scope(merchant_id=merchant):
                wire.send("SELECT pg_sleep(0.3)")
                steps.append("slept")
        finally:
            connection.close()

    sleeper = threading.Thread(target=wait)
    sleeper.start()
    with tenancy.scope(merchant_id=merchant):
        ECHO.rows({"number": "1", "text": "", "flag": "t"})
        steps.append("went on")
    sleeper.join()

    assert steps == ["went on", "slept"]


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
            NOTE.later({"text": "lost"})
            END_SESSION.rows({"now": "t"})

    with tenancy.scope(merchant_id=notes):
        END_SESSION.rows({"now": "f"})
    with pytest.raises(OperationalError):
        lose()
    connection.close_if_unusable_or_obsolete()

    assert keys(notes) == 0
