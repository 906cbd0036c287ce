"""The line to the server: several statements in one trip, and what came back."""

from __future__ import annotations

import select
from collections.abc import Sequence

from psycopg import pq
from psycopg.errors import OperationalError, error_from_result

# As whole numbers, as the library gives them: members of an enumeration are slower to compare.
_GOOD = (int(pq.ExecStatus.COMMAND_OK), int(pq.ExecStatus.TUPLES_OK))
_SYNC = int(pq.ExecStatus.PIPELINE_SYNC)
_LIVES = int(pq.ConnStatus.OK)

Result = pq.abc.PGresult


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
