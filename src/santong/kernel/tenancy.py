"""The merchant's scope: which rows a piece of work may see, and who does it.

The request, the job and the relay open a scope; services and selectors run inside one. It opens the
transaction and sets the cell (`search_path`) and the merchant (row-level security) together, by
`SET LOCAL`, so that both end with the transaction whatever happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from functools import lru_cache, wraps
from types import TracebackType
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.db import DatabaseError, transaction

from santong.kernel import cells, wire
from santong.kernel.actors import SYSTEM, Actor, ActorKind

if TYPE_CHECKING:
    from santong.kernel.line import Call
    from santong.kernel.postgresql.base import DatabaseWrapper

__all__ = [
    "SYSTEM",
    "Actor",
    "ActorKind",
    "OutsideScope",
    "Scope",
    "acting_as",
    "all_or_nothing",
    "current",
    "current_or_none",
    "scope",
    "system_scope",
]

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Scope:
    """The merchant, the doer and the request of the work in hand."""

    merchant_id: int
    actor: Actor
    request_id: str
    _open: _Open = field(repr=False, compare=False)

    @property
    def cell(self) -> cells.Cell:
        """Where the merchant's rows are, and stay until the scope ends.

        Raises `cells.MerchantIsMoving`.
        """
        return self._open.settled()


class OutsideScope(RuntimeError):
    """A bug: rows were touched outside a merchant's scope."""


# What SET LOCAL would do, as one statement that is planned once a connection.
_SETTLE = wire.Statement("""
SELECT set_config('search_path', %(path)s::text, true) IS NULL,
  set_config('santong.merchant_id', %(merchant)s::text, true) IS NULL,
  set_config('santong.system', 'off', true) IS NULL,
  directory.stay(%(merchant)s::text::bigint, %(cell)s::integer) IS NULL
""")

# Connection exceptions, and the server's last words when it is stopped or stops a session.
_LOST = ("08", "57P")

_current: ContextVar[Scope | None] = ContextVar("santong_scope", default=None)


def current() -> Scope:
    """The scope of the work in hand."""
    scope_now = _current.get()
    if scope_now is None:
        raise OutsideScope("open tenancy.scope(merchant_id=…) first")
    return scope_now


def current_or_none() -> Scope | None:
    return _current.get()


def scope(
    *, merchant_id: int, actor: Actor = SYSTEM, request_id: str = ""
) -> AbstractContextManager[Scope]:
    """Open a transaction in which one merchant's rows, and no others, can be seen.

    It begins with the first statement, which may raise `cells.MerchantIsMoving`. Raises
    `cells.UnknownMerchant`. A scope inside a scope of the same merchant joins it; one of another
    merchant is a bug.
    """
    return _Open(merchant_id, actor, request_id)


class _Open(AbstractContextManager[Scope]):
    """A scope while it is open. A class, because a generator costs every request more."""

    __slots__ = (
        "_actor",
        "_cell",
        "_here",
        "_merchant_id",
        "_nested",
        "_outer",
        "_request_id",
        "_token",
    )
    _cell: cells.Cell
    _here: DatabaseWrapper
    _nested: transaction.Atomic | None
    _outer: Scope | None
    _token: Token[Scope | None]

    def __init__(self, merchant_id: int, actor: Actor, request_id: str) -> None:
        self._merchant_id = merchant_id
        self._actor = actor
        self._request_id = request_id

    def __enter__(self) -> Scope:
        outer = self._outer = _current.get()
        if outer is not None and outer.merchant_id != self._merchant_id:
            raise OutsideScope(
                f"work of merchant {outer.merchant_id} reached for {self._merchant_id}"
            )
        here = self._here = wire.ours()
        self._cell = cells.cell_of(self._merchant_id)
        if here.in_atomic_block:
            self._nested = self._begin_inside()
        else:
            self._nested = None
            here.announce(self)
        inner = Scope(self._merchant_id, self._actor, self._request_id, self)
        self._token = _current.set(inner)
        return inner

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _current.reset(self._token)
        if self._nested:
            self._end_inside(self._nested, raised)
            return
        here = self._here
        if raised is not None or here.needs_rollback:
            wire.forget_kept_back(here=here)
            here.leave_undone(raised)
            return
        try:
            wire.commit(here=here)
        except BaseException as failure:
            here.leave_undone(failure)
            raise
        here.leave()

    def settled(self) -> cells.Cell:
        """The cell, once the server has said that the merchant lives there."""
        if self._here.opening is self:
            self.send()
        return self._cell

    # What `wire` asks of the opening that goes with the first statement.

    def send(self) -> None:
        """Begin now, because something that does not go by way of `wire` follows."""
        wire.send_kept_back(here=self._here)

    def first(self) -> Call:
        """What SET LOCAL would do."""
        return _settling(self._merchant_id, self._cell)

    def look_again(self, refused: DatabaseError, *, is_last: bool) -> None:
        """Once more if what we remember of the directory is old; nothing is done yet.

        Once more, too, if the connection was lost while nobody used it.
        """
        if self._is_told_old(refused, is_last=is_last):
            self._here.connection.rollback()
            self._remember_anew()
        elif _was_lost(refused) and not is_last:
            self._here.reconnect()
        else:
            raise refused

    def _is_told_old(self, refused: DatabaseError, *, is_last: bool) -> bool:
        why = getattr(refused.__cause__, "sqlstate", None)
        if why == cells.IS_MOVING or (is_last and why == cells.LIVES_ELSEWHERE):
            raise cells.MerchantIsMoving(self._merchant_id) from None
        return bool(why == cells.LIVES_ELSEWHERE)

    def _remember_anew(self) -> None:
        cells.forget(self._merchant_id)
        self._cell = cells.cell_of(self._merchant_id)

    def _begin_inside(self) -> transaction.Atomic:
        """Settle behind a savepoint of a transaction that somebody else has begun."""
        for is_last in (False, True):
            block = transaction.atomic()
            block.__enter__()
            try:
                _SETTLE.rows(_settings(self._merchant_id, self._cell))
            except DatabaseError as refused:
                block.__exit__(type(refused), refused, refused.__traceback__)
                if not self._is_told_old(refused, is_last=is_last):
                    raise
                self._remember_anew()
            else:
                return block
        raise AssertionError("the last try returns or raises")

    def _end_inside(self, block: transaction.Atomic, raised: BaseException | None) -> None:
        here = self._here
        is_well = raised is None and not here.needs_rollback
        try:
            if self._outer is None and is_well:
                _set_local(None, merchant_id="", system="off", here=here)
            elif self._outer is None:
                wire.forget_kept_back(here=here)
        except BaseException as failure:
            block.__exit__(type(failure), failure, failure.__traceback__)
            raise
        block.__exit__(type(raised) if raised else None, raised, None)


def _settings(merchant_id: int, cell: cells.Cell) -> wire.Values:
    return {
        "path": f'"{cell.schema}", public',
        "merchant": str(merchant_id),
        "cell": str(cell.number),
    }


@lru_cache(maxsize=10_000)
def _settling(merchant_id: int, cell: cells.Cell) -> Call:
    return _SETTLE.call(_settings(merchant_id, cell))


def _was_lost(refused: DatabaseError) -> bool:
    why = getattr(refused.__cause__, "sqlstate", None)
    return why is None or why.startswith(_LOST)


def all_or_nothing(command: Callable[P, R]) -> Callable[P, R]:
    """What the command writes stands together with its caller's writes, or none of them does.

    It is part of the open transaction, or one of its own where none is open. A refusal that
    crosses it dooms the whole, unless the caller stands behind a savepoint (`transaction.atomic`).
    It is Django's `atomic(savepoint=False)`, which costs a command more than many a statement.
    """

    @wraps(command)
    def whole(*args: P.args, **named: P.kwargs) -> R:
        here = wire.ours()
        if not here.in_atomic_block:
            with transaction.atomic():
                return command(*args, **named)
        try:
            return command(*args, **named)
        except BaseException:
            here.needs_rollback = True
            raise

    return whole


@contextmanager
def acting_as(actor: Actor) -> Iterator[Scope]:
    """Go on in the open scope as somebody else: once a credential has been recognised."""
    inner = replace(current(), actor=actor)
    token = _current.set(inner)
    try:
        yield inner
    finally:
        _current.reset(token)


@contextmanager
def system_scope(cell: cells.Cell) -> Iterator[None]:
    """Open a transaction that sees the outbox of every merchant of a cell, and no business rows."""
    if _current.get() is not None:
        raise OutsideScope("the relay does not read other merchants' facts inside a scope")
    here = wire.ours()
    nested = here.in_atomic_block
    with transaction.atomic():
        _set_local(cell, merchant_id="", system="on", here=here)
        yield
        if nested and not here.needs_rollback:
            _set_local(None, merchant_id="", system="off", here=here)


def _set_local(
    cell: cells.Cell | None, *, merchant_id: str, system: str, here: DatabaseWrapper
) -> None:
    """One trip to the server. SET takes no parameters; a schema's name was checked when made."""
    path = f'"{cell.schema}", public' if cell else "public"
    wire.send(
        f"SET LOCAL search_path TO {path};"
        f"SET LOCAL santong.merchant_id TO '{merchant_id}';"
        f"SET LOCAL santong.system TO '{system}'",
        here=here,
    )
