"""Past the driver's cursors: the few statements that every piece of work sends.

A cursor's bookkeeping costs the processor more than a short statement costs the server, and a
transaction that the driver begins by itself is a trip of its own. What is sent here begins on its
way, and a statement of the hot path is sent by the name under which the driver has prepared it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import Connection, pq
from psycopg.errors import error_from_result

_PLACE = re.compile(r"%\((\w+)\)s")
_READERS: Mapping[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"t",
    20: int,
    21: int,
    23: int,
    25: bytes.decode,
    1043: bytes.decode,
}


def send(statement: str, *, here: BaseDatabaseWrapper | None = None) -> None:
    """Send a statement without values in the open transaction, beginning it if need be."""
    here = here or transaction.get_connection()
    here.ensure_connection()
    assert here.in_atomic_block
    line = here.connection.pgconn
    begin = "BEGIN;" if line.transaction_status == pq.TransactionStatus.IDLE else ""
    with here.wrap_database_errors:
        _checked(line.exec_(f"{begin}{statement}".encode()))


def commit(*, here: BaseDatabaseWrapper) -> None:
    """Commit what Django is about to commit; it then finds nothing left to do."""
    line = here.connection.pgconn
    if line.transaction_status == pq.TransactionStatus.INTRANS:
        with here.wrap_database_errors:
            _checked(line.exec_(b"COMMIT"))


def array(numbers: Iterable[int]) -> str:
    """Whole numbers as the server reads an array."""
    return "{" + ",".join(map(str, numbers)) + "}"


def texts(values: Iterable[str | None]) -> str:
    """Texts as the server reads an array."""
    return "{" + ",".join([_quoted(value) for value in values]) + "}"


class Statement:
    """A statement of the hot path, prepared once a connection.

    Its places are `%(name)s`, cast where the server could not tell the type; a percent sign is
    written twice. Values are text as the server reads it, or None; answers are whole numbers,
    booleans and text.
    """

    __slots__ = ("_key", "_names", "_readers", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._names = tuple(dict.fromkeys(_PLACE.findall(text)))
        numbers = {name: f"${number}" for number, name in enumerate(self._names, start=1)}
        sent = _PLACE.sub(lambda place: numbers[place[1]], text)
        # As the driver keeps it: the text it sends, and types that it leaves to the server.
        self._key = (sent.replace("%%", "%").encode(), (0,) * len(self._names))
        self._readers: list[Callable[[bytes], Any]] | None = None

    def rows(self, values: Mapping[str, str | None]) -> list[tuple[Any, ...]]:
        """Send it in the open transaction and give its rows."""
        here = transaction.get_connection()
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            result = self._result(here.connection, values)
        if here.queries_logged:
            here.queries_log.append({"sql": self._text, "time": ""})
        if self._readers is None:
            columns = range(result.nfields)
            self._readers = [_READERS[result.ftype(column)] for column in columns]
        return _read(result, self._readers)

    def _result(self, driver: Connection[Any], values: Mapping[str, str | None]) -> pq.abc.PGresult:
        # The driver forgets its prepared statements when a transaction is rolled back. Whether
        # this one is still there is not in its public interface; not to find it costs time only.
        name = driver._prepared._names.get(self._key)  # noqa: SLF001
        if name is None or driver.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            result = driver.execute(self._text, values, prepare=True).pgresult
            assert result is not None
            return result
        sent: list[Any] = [
            None if (text := values[at]) is None else text.encode() for at in self._names
        ]
        return _checked(driver.pgconn.exec_prepared(name, sent))


def _checked(result: pq.abc.PGresult) -> pq.abc.PGresult:
    if result.status in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
        return result
    raise error_from_result(result)


def _read(
    result: pq.abc.PGresult, readers: Sequence[Callable[[bytes], Any]]
) -> list[tuple[Any, ...]]:
    value_at = result.get_value
    return [
        tuple(
            [
                None if (value := value_at(row, column)) is None else read(value)
                for column, read in enumerate(readers)
            ]
        )
        for row in range(result.ntuples)
    ]


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    if '"' in value or "\\" in value:
        value = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{value}"'
