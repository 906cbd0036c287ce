"""The merchant's scope: which rows a piece of work may see, and who does it.

The request, the job and the relay open a scope; services and selectors run inside one. It opens the
transaction and sets the cell (`search_path`) and the merchant (row-level security) together, by
`SET LOCAL`, so that both end with the transaction whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import TYPE_CHECKING, Literal, cast

from django.db import DatabaseError, connection, transaction

from santong.kernel import cells, wire

if TYPE_CHECKING:
    from santong.kernel.postgresql.base import DatabaseWrapper

ActorKind = Literal["system", "staff", "token", "buyer"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and what they may do.

    `location_ids` of None means every place of the merchant. A person may be clerk in one store and
    manager of another: `at` narrows the places to those of one permission, and an endpoint that
    `requires` a permission gets its actor narrowed.
    """

    kind: ActorKind
    id: str
    name: str
    permissions: frozenset[str] = frozenset()
    location_ids: frozenset[int] | None = None
    location_ids_by_permission: Mapping[str, frozenset[int] | None] | None = field(
        default=None, repr=False, compare=False
    )

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def may_at(self, location_id: int) -> bool:
        return self.location_ids is None or location_id in self.location_ids

    def at(self, permission: str) -> Actor:
        """The same actor, with the places at which the permission was given; none without it."""
        if self.location_ids_by_permission is None:
            return self
        places = self.location_ids_by_permission.get(permission, frozenset())
        return replace(self, location_ids=places)


SYSTEM = Actor(kind="system", id="system", name="Santong")


@dataclass(frozen=True, slots=True)
class Scope:
    """The merchant, the doer and the request of the work in hand."""

    merchant_id: int
    cell: cells.Cell
    actor: Actor
    request_id: str


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

    Raises `cells.UnknownMerchant`, `cells.MerchantIsMoving`. A scope inside a scope of the same
    merchant joins it; one of another merchant is a bug.
    """
    return _Open(merchant_id, actor, request_id)


class _Open(AbstractContextManager[Scope]):
    """A scope while it is open. A class, because a generator costs every request more."""

    __slots__ = (
        "_actor",
        "_block",
        "_here",
        "_is_nested",
        "_merchant_id",
        "_outer",
        "_request_id",
        "_token",
    )
    _block: transaction.Atomic
    _here: DatabaseWrapper
    _is_nested: bool
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
        self._here = cast("DatabaseWrapper", transaction.get_connection())
        self._is_nested = self._here.in_atomic_block
        inner = Scope(self._merchant_id, self._enter(), self._actor, self._request_id)
        self._token = _current.set(inner)
        return inner

    def __exit__(
        self,
        kind: type[BaseException] | None,
        raised: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _current.reset(self._token)
        try:
            self._end(is_well=kind is None)
        except BaseException as failure:
            self._block.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._block.__exit__(kind, raised, trace)

    def _end(self, *, is_well: bool) -> None:
        here = self._here
        if self._outer is None and not is_well:
            wire.forget_kept_back(here=here)
        if self._is_nested and self._outer is None and not here.needs_rollback:
            _set_local(None, merchant_id="", system="off", here=here)
        if not is_well:
            return
        if not self._is_nested and not here.needs_rollback:
            wire.commit(here=here)
        elif self._outer is None:
            wire.forget_kept_back(here=here)

    def _enter(self) -> cells.Cell:
        """Begin in the merchant's cell; look once more if what we remember is old.

        Once more, too, if the connection was lost while nobody used it: nothing is done yet.
        """
        # The first statement tells; Django would ask by one of its own.
        self._here.health_check_done = True
        try:
            return self._begin()
        except DatabaseError as refused:
            why = getattr(refused.__cause__, "sqlstate", None)
            if why == cells.IS_MOVING:
                raise cells.MerchantIsMoving(self._merchant_id) from None
            if why == cells.LIVES_ELSEWHERE:
                cells.forget(self._merchant_id)
            elif self._is_nested or not (why is None or why.startswith(_LOST)):
                raise
        try:
            return self._begin()
        except DatabaseError as refused:
            why = getattr(refused.__cause__, "sqlstate", None)
            if why in {cells.IS_MOVING, cells.LIVES_ELSEWHERE}:
                raise cells.MerchantIsMoving(self._merchant_id) from None
            raise

    def _begin(self) -> cells.Cell:
        cell = cells.cell_of(self._merchant_id)
        block = transaction.atomic()
        self._here.begins_with_first_statement = True
        try:
            block.__enter__()
        finally:
            self._here.begins_with_first_statement = False
        try:
            _SETTLE.open(
                {
                    "path": f'"{cell.schema}", public',
                    "merchant": str(self._merchant_id),
                    "cell": str(cell.number),
                },
                here=self._here,
            )
        except BaseException as failure:
            block.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._block = block
        return cell


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
    nested = connection.in_atomic_block
    with transaction.atomic():
        _set_local(cell, merchant_id="", system="on")
        yield
        if nested and not connection.needs_rollback:
            _set_local(None, merchant_id="", system="off")


def _set_local(
    cell: cells.Cell | None,
    *,
    merchant_id: str,
    system: str,
    here: DatabaseWrapper | None = None,
) -> None:
    """One trip to the server. SET takes no parameters; a schema's name was checked when made."""
    path = f'"{cell.schema}", public' if cell else "public"
    wire.send(
        f"SET LOCAL search_path TO {path};"
        f"SET LOCAL santong.merchant_id TO '{merchant_id}';"
        f"SET LOCAL santong.system TO '{system}'",
        here=here,
    )
