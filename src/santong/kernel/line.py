"""The line to the server: what goes in one trip, and what came back."""

from __future__ import annotations

import select
from collections.abc import Sequence
from typing import Any, Protocol

from django.db import DatabaseError
from psycopg import Connection, pq
from psycopg.errors import OperationalError, error_from_result

# As whole numbers, as the library gives them: members of an enumeration are slower to compare.
_GOOD = (int(pq.ExecStatus.COMMAND_OK), int(pq.ExecStatus.TUPLES_OK))
_SYNC = int(pq.ExecStatus.PIPELINE_SYNC)
_LIVES = int(pq.ConnStatus.OK)

Result = pq.abc.PGresult


class Prepared(Protocol):
    """A statement that the driver prepares once a connection."""

    def name(self, driver: Connection[Any]) -> bytes | None:
        """By which the server knows it, if it does already."""
        ...

    def teach(self, driver: Connection[Any], sent: Sequence[bytes | None]) -> Result:
        """Send it for the first time."""
        ...


Call = tuple[Prepared, Sequence[bytes | None]]


class Opening(Protocol):
    """A transaction that has been announced and begins with its first statement."""

    def first(self) -> Call:
        """What it sends before anything else."""
        ...

    def send(self) -> None:
        """Begin now, because something follows that does not go by way of `wire`."""
        ...

    def look_again(self, refused: DatabaseError, *, is_last: bool) -> None:
        """Make ready for another try of all that was sent with it, or raise what is to be told."""
        ...


def in_one_trip(
    line: pq.abc.PGconn, calls: Sequence[tuple[bytes, Sequence[bytes | None]]]
) -> Result:
    """Send statements together and give the last one's result; the first refusal is raised.

    Other threads go on meanwhile, which they would not while the library itself waits.
    """
    results: list[Result] = []
    line.enter_pipeline_mode()
    try:
        for name, sent in calls:
            line.send_query_prepared(name, sent)
        line.pipeline_sync()
        while line.flush():
            select.select([], [line.socket], [])
        while True:
            while line.is_busy():
                select.select([line.socket], [], [])
                line.consume_input()
            result = line.get_result()
            if result is None:  # between two statements' results
                _check_that_it_lives(line)
                continue
            if result.status == _SYNC:
                break
            results.append(result)
        line.exit_pipeline_mode()
    except BaseException:
        # Answers would be taken for those of other statements.
        line.finish()
        raise
    for result in results:
        checked(result)
    return results[-1]


def _check_that_it_lives(line: pq.abc.PGconn) -> None:
    if line.status != _LIVES:
        raise OperationalError("the connection was lost")


def checked(result: Result) -> Result:
    if result.status in _GOOD:
        return result
    raise error_from_result(result)
