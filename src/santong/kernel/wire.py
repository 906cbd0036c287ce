"""Past the driver's cursors: the few statements that every piece of work sends.

A cursor's bookkeeping costs the processor more than a short statement costs the server, and a
transaction that the driver begins by itself is a trip of its own. What is sent here begins on its
way, and a statement of the hot path is sent by the name under which the driver has prepared it.

Statements whose answer nobody waits for are kept back and go with the next one in one trip
(`Statement.later`): the server works them off in the order in which they were given, so whatever
is read afterwards sees them. One that is refused is told by the statement that it went with.
"""

from __future__ import annotations

import re
import select
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from psycopg import Connection, pq
from psycopg.errors import DataError, error_from_result

if TYPE_CHECKING:
    from santong.kernel.postgresql.base import DatabaseWrapper

_PLACE = re.compile(r"%\((\w+)\)s")
_READERS: Mapping[int, Callable[[bytes], Any]] = {
    16: lambda value: value == b"t",
    20: int,
    21: int,
    23: int,
    25: bytes.decode,
    1043: bytes.decode,
}


Result = pq.abc.PGresult
Call = tuple[bytes, list[Any] | None]  # a prepared statement's name and values, or bare words


def _ours() -> DatabaseWrapper:
    return cast("DatabaseWrapper", transaction.get_connection())


def send(statement: str, *, here: DatabaseWrapper | None = None) -> None:
    """Send a statement without values in the open transaction, beginning it if need be."""
    here = here or _ours()
    here.ensure_connection()
    assert here.in_atomic_block
    send_kept_back(here=here)
    line = here.connection.pgconn
    begin = "BEGIN;" if line.transaction_status == pq.TransactionStatus.IDLE else ""
    with here.wrap_database_errors:
        _checked(line.exec_(f"{begin}{statement}".encode()))


def commit(*, here: DatabaseWrapper) -> None:
    """Commit what Django is about to commit; it then finds nothing left to do."""
    line = here.connection.pgconn
    calls = _take(here)
    if line.transaction_status == pq.TransactionStatus.INTRANS:
        with here.wrap_database_errors:
            if calls:
                _in_one_trip(line, [*calls, (b"COMMIT", None)])
            else:
                _checked(line.exec_(b"COMMIT"))


def send_kept_back(*, here: DatabaseWrapper) -> None:
    """Send what was kept back, before something that does not go by way of this module."""
    calls = _take(here)
    # In a transaction that has failed they could have no effect.
    if calls and here.connection.pgconn.transaction_status == pq.TransactionStatus.INTRANS:
        with here.wrap_database_errors:
            _in_one_trip(here.connection.pgconn, calls)


def forget_kept_back(*, here: DatabaseWrapper) -> None:
    """Drop it: the transaction is rolled back."""
    _take(here)


def array(numbers: Iterable[int]) -> str:
    """Whole numbers as the server reads an array."""
    return "{" + ",".join(map(str, numbers)) + "}"


def texts(values: Iterable[str | None]) -> str:
    """Texts as the server reads an array."""
    return "{" + ",".join([_quoted(value) for value in values]) + "}"


def octets(value: bytes) -> str:
    """Bytes as the server reads them."""
    return "\\x" + value.hex()


def from_octets(text: str) -> bytes:
    """Bytes as the server writes them."""
    return bytes.fromhex(text.removeprefix("\\x"))


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
        here = _ours()
        here.validate_no_broken_transaction()
        with here.wrap_database_errors:
            result = self._result(here, values)
        if here.queries_logged:
            here.queries_log.append({"sql": self._text, "time": ""})
        if self._readers is None:
            columns = range(result.nfields)
            self._readers = [_READERS[result.ftype(column)] for column in columns]
        return _read(result, self._readers)

    def open(self, values: Mapping[str, str | None], *, here: DatabaseWrapper) -> None:
        """Begin the transaction that Django has announced with this statement, in one trip."""
        here.ensure_connection()
        driver = here.connection
        line = driver.pgconn
        if line.transaction_status != pq.TransactionStatus.IDLE:
            self.rows(values)
            return
        name = driver._prepared._names.get(self._key)  # noqa: SLF001  see _name
        with here.wrap_database_errors:
            if name is None:
                _checked(line.exec_(b"BEGIN"))
                driver.execute(self._text, values, prepare=True)
            else:
                _in_one_trip(line, [(b"BEGIN", None), (name, self._sent(values))])

    def later(self, values: Mapping[str, str | None]) -> None:
        """Send it with the next statement of the open scope, or when it commits; no rows come back.

        A refusal is raised there. Whoever keeps statements back has a scope open, which sends
        them before it ends.
        """
        here = _ours()
        here.validate_no_broken_transaction()
        name = self._name(here.connection)
        if name is None:
            self.rows(values)
            return
        with here.wrap_database_errors:
            call = name, self._sent(values)
        if not here.kept_back:
            here.execute_wrappers.append(_first)
        here.kept_back.append(call)
        if here.queries_logged:
            here.queries_log.append({"sql": self._text, "time": ""})

    def _result(self, here: DatabaseWrapper, values: Mapping[str, str | None]) -> Result:
        driver, calls = here.connection, _take(here)
        name = self._name(driver)
        if name is None:
            if calls:
                _in_one_trip(driver.pgconn, calls)
            result: Result | None = driver.execute(self._text, values, prepare=True).pgresult
            assert result is not None
            return result
        if calls:
            return _in_one_trip(driver.pgconn, [*calls, (name, self._sent(values))])
        return _checked(driver.pgconn.exec_prepared(name, self._sent(values)))

    def _name(self, driver: Connection[Any]) -> bytes | None:
        """By which the server knows it; none if it does not yet, or no transaction is open."""
        # The driver forgets its prepared statements when a transaction is rolled back. Whether
        # this one is still there is not in its public interface; not to find it costs time only.
        name = driver._prepared._names.get(self._key)  # noqa: SLF001
        is_open = driver.pgconn.transaction_status != pq.TransactionStatus.IDLE
        return name if is_open else None

    def _sent(self, values: Mapping[str, str | None]) -> list[Any]:
        texts = [values[at] for at in self._names]
        # The driver hands texts on as C does: they would end at the first NUL.
        if "\0" in "".join(filter(None, texts)):
            raise DataError("text with a NUL")
        return [None if text is None else text.encode() for text in texts]


def _first(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  as Django calls it
    """What was kept back goes before a statement of Django's."""
    send_kept_back(here=context["connection"])
    return execute(sql, params, many, context)


def _take(here: DatabaseWrapper) -> list[Call]:
    """What was kept back, once."""
    calls = here.kept_back
    if calls:
        here.kept_back = []
        here.execute_wrappers.remove(_first)
    return calls


def _in_one_trip(line: pq.abc.PGconn, calls: Sequence[Call]) -> Result:
    """Send statements together and give the last one's result; the first refusal is raised."""
    line.enter_pipeline_mode()
    try:
        for words, sent in calls:
            if sent is None:
                line.send_query_params(words, None)
            else:
                line.send_query_prepared(words, sent)
        line.pipeline_sync()
        while line.flush():
            select.select([], [line.socket], [])
        results = [_next(line) for _ in (*calls, "the end")][:-1]
        line.exit_pipeline_mode()
    except BaseException:
        # Answers would be taken for those of other statements.
        line.finish()
        raise
    for result in results:
        _checked(result)
    return results[-1]


def _next(line: pq.abc.PGconn) -> Result:
    """The next result. Other threads go on meanwhile, which they would not inside the library."""
    while True:
        while line.is_busy():
            select.select([line.socket], [], [])
            line.consume_input()
        # Between two statements' results the library says that the first has no more.
        if (result := line.get_result()) is not None:
            return result


def _checked(result: Result) -> Result:
    if result.status in {pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK}:
        return result
    raise error_from_result(result)


def _read(result: Result, readers: Sequence[Callable[[bytes], Any]]) -> list[tuple[Any, ...]]:
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
