"""The merchant's scope: which rows a piece of work may see, and who does it.

The request, the job and the relay open a scope; services and selectors run inside one. It opens the
transaction and sets the cell (`search_path`) and the merchant (row-level security) together, by
`SET LOCAL`, so that both end with the transaction whatever happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Literal

from django.db import DatabaseError, connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from santong.kernel import cells, wire

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


_current: ContextVar[Scope | None] = ContextVar("santong_scope", default=None)


def current() -> Scope:
    """The scope of the work in hand."""
    scope_now = _current.get()
    if scope_now is None:
        raise OutsideScope("open tenancy.scope(merchant_id=…) first")
    return scope_now


def current_or_none() -> Scope | None:
    return _current.get()


@contextmanager
def scope(*, merchant_id: int, actor: Actor = SYSTEM, request_id: str = "") -> Iterator[Scope]:
    """Open a transaction in which one merchant's rows, and no others, can be seen.

    Raises `cells.UnknownMerchant`, `cells.MerchantIsMoving`. A scope inside a scope of the same
    merchant joins it; one of another merchant is a bug.
    """
    outer = _current.get()
    if outer is not None and outer.merchant_id != merchant_id:
        raise OutsideScope(f"work of merchant {outer.merchant_id} reached for {merchant_id}")
    here = transaction.get_connection()
    nested = here.in_atomic_block
    with ExitStack() as stack:
        cell = _enter(stack, here, merchant_id)
        inner = Scope(merchant_id, cell, actor, request_id)
        token = _current.set(inner)
        try:
            yield inner
        except BaseException:
            if outer is None:
                wire.forget_kept_back(here=here)
            raise
        finally:
            _current.reset(token)
            if nested and outer is None and not here.needs_rollback:
                _set_local(None, merchant_id="", system="off", here=here)
        if not nested and not here.needs_rollback:
            wire.commit(here=here)
        elif outer is None:
            wire.forget_kept_back(here=here)


def _enter(stack: ExitStack, here: BaseDatabaseWrapper, merchant_id: int) -> cells.Cell:
    """Begin a transaction in the merchant's cell; look once more if what we remember is old."""
    try:
        return _begin(stack, here, merchant_id)
    except DatabaseError as refused:
        why = getattr(refused.__cause__, "sqlstate", None)
        if why == cells.IS_MOVING:
            raise cells.MerchantIsMoving(merchant_id) from None
        if why != cells.LIVES_ELSEWHERE:
            raise
    cells.forget(merchant_id)
    try:
        return _begin(stack, here, merchant_id)
    except DatabaseError as refused:
        if getattr(refused.__cause__, "sqlstate", None) in {cells.IS_MOVING, cells.LIVES_ELSEWHERE}:
            raise cells.MerchantIsMoving(merchant_id) from None
        raise


def _begin(stack: ExitStack, here: BaseDatabaseWrapper, merchant_id: int) -> cells.Cell:
    cell = cells.cell_of(merchant_id)
    block = transaction.atomic()
    block.__enter__()
    try:
        _set_local(cell, merchant_id=str(merchant_id), system="off", here=here, stay=True)
    except BaseException as failure:
        block.__exit__(type(failure), failure, failure.__traceback__)
        raise
    stack.push(block)
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
    here: BaseDatabaseWrapper | None = None,
    stay: bool = False,
) -> None:
    """One trip to the server. SET takes no parameters; a schema's name was checked when made."""
    path = f'"{cell.schema}", public' if cell else "public"
    statement = (
        f"SET LOCAL search_path TO {path};"
        f"SET LOCAL santong.merchant_id TO '{merchant_id}';"
        f"SET LOCAL santong.system TO '{system}'"
    )
    if cell and stay:
        statement += f";SELECT directory.stay({int(merchant_id)}, {cell.number})"
    wire.send(statement, here=here)
