"""What goes to the server past the driver's cursors behaves as what goes through them."""

from __future__ import annotations

import asyncio
import threading

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


def session_of(merchant: int) -> int:
    with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return int(pid)


def lose_session(merchant: int) -> None:
    ended = threading.Thread(target=end_session, args=(session_of(merchant),))
    ended.start()
    ended.join()


def test_a_connection_that_was_lost_is_opened_again_for_the_next_work(merchant: int) -> None:
    def lose() -> None:
        with tenancy.scope(merchant_id=merchant), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        lose()
    connection.close_if_unusable_or_obsolete()

    assert keys(merchant) == 0


def test_a_connection_that_was_lost_between_two_scopes_is_not_noticed(merchant: int) -> None:
    lose_session(merchant)

    assert keys(merchant) == 0


REMEMBER = wire.Statement(
    "INSERT INTO kernel_idempotencykey"
    " (merchant_id, key, request_hash, status, content_type, body, created_at)"
    " VALUES (%(merchant)s::text::bigint, %(key)s, '', 0, '', '', now())"
)


@pytest.mark.parametrize("turns", [1, 3])
@pytest.mark.parametrize("lost", [False, True], ids=["stands", "lost"])
def test_a_scope_begins_with_whatever_is_sent_first(
    merchant: int, turns: int, *, lost: bool
) -> None:
    def by_wire(key: str) -> None:
        REMEMBER.rows({"merchant": str(merchant), "key": key})

    def kept_back(key: str) -> None:
        REMEMBER.later({"merchant": str(merchant), "key": key})

    def by_django(key: str) -> None:
        with transaction.atomic():
            IdempotencyKey.objects.create(
                merchant_id=merchant, key=key, request_hash=b"", created_at="2026-11-11T00:00:00Z"
            )

    for turn in range(turns):
        for send in (by_wire, kept_back, by_django):
            if lost:
                lose_session(merchant)
            with tenancy.scope(merchant_id=merchant):
                send(f"{send.__name__} {turn}")
                transaction.on_commit(lambda: None)

    assert keys(merchant) == 3 * turns


def test_a_scope_in_which_nothing_is_sent_asks_the_server_nothing(merchant: int) -> None:
    lose_session(merchant)

    with tenancy.scope(merchant_id=merchant):
        pass
    with pytest.raises(ZeroDivisionError), tenancy.scope(merchant_id=merchant):
        _ = 1 // 0
    with tenancy.scope(merchant_id=merchant):
        transaction.set_rollback(True)

    assert connection.get_autocommit()
    assert not connection.in_atomic_block
    assert keys(merchant) == 0


def test_a_first_statement_that_is_refused_leaves_nothing(merchant: int) -> None:
    for _ in range(3):
        with pytest.raises(DataError), tenancy.scope(merchant_id=merchant):
            REMEMBER.rows({"merchant": "one", "key": "x"})

    assert keys(merchant) == 0


def test_under_an_event_loop_the_scope_and_django_have_one_connection(
    merchant: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def work() -> tuple[int, bool]:
        try:
            return keys(merchant), wire.ours() is transaction.get_connection()
        finally:
            connection.close()

    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    outside = wire.ours()

    found = asyncio.run(work())

    assert found == (0, True)
    assert wire.ours() is outside


def test_others_go_on_while_one_waits_for_the_server(merchant: int) -> None:
    steps: list[str] = []

    def wait() -> None:
        try:
            with tenancy.scope(merchant_id=merchant):
                wire.send("SELECT pg_sleep(0.3)", here=wire.ours())
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
