"""Past the driver's cursors: the few statements that every piece of work sends.

A cursor's bookkeeping costs the processor more than a short statement costs the server, and every
trip costs both. A statement of the hot path is sent by the name under which the driver has
prepared it, and a transaction begins on the way of its first statement (`Opening`).

Statements whose answer nobody waits for are kept back and go with the next one in one trip
(`Statement.later`): the server works them off in the order in which they were given, so whatever
is read afterwards sees them. One that is refused is told by the statement that it went with.
"""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from django.db import DatabaseError, DataError, transaction
from psycopg import Connection, pq

from santong.kernel.line import Call, Result, checked, in_one_trip

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


_OPEN = int(pq.TransactionStatus.INTRANS)

Values = Mapping[str, str | None]


# Django's connection of this thread; to ask Django each time costs more than to remember.
_here = threading.local()


def ours() -> DatabaseWrapper:
    """The connection that Django uses here."""
    # Where an event loop runs, Django has another one for the same thread.
    if asyncio._get_running_loop() is not None:  # noqa: SLF001  it does not raise where none runs
        return _djangos()
    try:
        found: DatabaseWrapper = _here.connection
    except AttributeError:
        found = _here.connection = _djangos()
    return found


def _djangos() -> DatabaseWrapper:
    return cast("DatabaseWrapper", transaction.get_connection())


def send(statement: str, *, here: DatabaseWrapper) -> None:
    """Send a statement without values in the open transaction."""
    assert here.in_atomic_block
    send_kept_back(here=here)
    with here.wrap_database_errors:
        checked(here.connection.pgconn.exec_(statement.encode()))


def commit(*, here: DatabaseWrapper) -> None:
    """Commit what Django is about to commit; it then finds nothing left to do."""
    calls = _take(here)
    if here.opening is not None:
        if not calls:
            here.opening = None
            return
        _trip(here, calls)
        calls = []
    line = here.connection.pgconn
    if line.transaction_status == _OPEN:
        with here.wrap_database_errors:
            if calls:
                _go(here, [*calls, _COMMIT])
            else:
                checked(line.exec_(b"COMMIT"))


def send_kept_back(*, here: DatabaseWrapper) -> None:
    """Send what was kept back, before something that does not go by way of this module."""
    calls = _take(here)
    # In a transaction that has failed they could have no effect.
    if here.opening is not None or (calls and here.connection.pgconn.transaction_status == _OPEN):
        _trip(here, calls)


def forget_kept_back(*, here: DatabaseWrapper) -> None:
    """Drop it: the transaction is rolled back."""
    here.opening = None
    _take(here)


def array(numbers: Iterable[int]) -> str:
    """Whole numbers as the server reads an array."""
    return "{" + ",".join([str(number) for number in numbers]) + "}"


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

    def rows(self, values: Values) -> list[tuple[Any, ...]]:
        """Send it in the open transaction and give its rows."""
        here = ours()
        if here.needs_rollback:
            here.validate_no_broken_transaction()
        calls = _take(here) if here.kept_back else []
        calls.append(self.call(values))
        result = _trip(here, calls)
        if here.force_debug_cursor:
            here.queries_log.append({"sql": self._text, "time": ""})
        if self._readers is None:
            columns = range(result.nfields)
            self._readers = [_READERS[result.ftype(column)] for column in columns]
        return _read(result, self._readers)

    def later(self, values: Values) -> None:
        """Send it with the next statement of the open scope, or when it commits; no rows come back.

        A refusal is raised there. Whoever keeps statements back has a scope open, which sends
        them before it ends.
        """
        here = ours()
        if here.needs_rollback:
            here.validate_no_broken_transaction()
        call = self.call(values)
        if not here.kept_back:
            here.execute_wrappers.append(_first)
        here.kept_back.append(call)
        if here.force_debug_cursor:
            here.queries_log.append({"sql": self._text, "time": ""})

    def name(self, driver: Connection[Any]) -> bytes | None:
        """By which the server knows it, if it does already."""
        # The driver forgets its prepared statements when a transaction is rolled back. Whether
        # this one is still there is not in its public interface; not to find it costs time only.
        return driver._prepared._names.get(self._key)  # noqa: SLF001

    def teach(self, driver: Connection[Any], sent: Sequence[bytes | None]) -> Result:
        """Send it for the first time: the driver prepares it, or finds that it need not."""
        values = [None if value is None else value.decode() for value in sent]
        named = dict(zip(self._names, values, strict=True))
        result: Result | None = driver.execute(self._text, named, prepare=True).pgresult
        assert result is not None
        return result

    def call(self, values: Values) -> Call:
        """It, ready to be sent with these values."""
        sent = [None if (text := values[name]) is None else text.encode() for name in self._names]
        # The driver hands texts on as C does: they would end at the first NUL.
        if b"\0" in b"".join(filter(None, sent)):
            raise DataError("text with a NUL")
        return self, sent


_BEGIN: Call = (Statement("BEGIN"), ())
_COMMIT: Call = (Statement("COMMIT"), ())


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


def _trip(here: DatabaseWrapper, calls: list[Call]) -> Result:
    """Send statements, after the opening if nothing has been sent yet; give the last result."""
    opening = here.opening
    if opening is None:
        with here.wrap_database_errors:
            return _go(here, calls)
    here.opening = None
    for is_last in (False, True):
        try:
            with here.wrap_database_errors:
                return _go(here, [_BEGIN, opening.first(), *calls])
        except DatabaseError as refused:
            opening.look_again(refused, is_last=is_last)
    raise AssertionError("the last try returns or raises")


def _go(here: DatabaseWrapper, calls: Sequence[Call]) -> Result:
    driver = here.connection
    named: list[tuple[bytes, Sequence[bytes | None]]] = []
    for statement, sent in calls:
        name = statement.name(driver)
        if name is None:
            return _teach(driver, calls)
        named.append((name, sent))
    line = driver.pgconn
    if len(named) > 1:
        return in_one_trip(line, named)
    if line.transaction_status == _OPEN:
        return checked(line.exec_prepared(*named[0]))
    return _teach(driver, calls)


def _teach(driver: Connection[Any], calls: Sequence[Call]) -> Result:
    """One by one: the driver has still to prepare one of them, or no transaction is open."""
    results = [statement.teach(driver, sent) for statement, sent in calls]
    return results[-1]


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
