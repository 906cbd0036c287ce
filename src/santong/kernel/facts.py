"""Facts: what has happened, told once and heard by whoever subscribes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter

_NAME = re.compile(r"^[a-z_]+\.[a-z_]+\.v[1-9][0-9]*$")

F = TypeVar("F")


@dataclasses.dataclass(frozen=True, slots=True)
class FactType:
    """A kind of fact: its versioned name and the field whose value orders it."""

    name: str
    aggregate: str
    cls: type[Any]


class Handler(Protocol):
    """What hears a fact, inside the merchant's scope. Called at least once for each."""

    def __call__(self, fact: Any, *, merchant_id: int, now: datetime) -> None: ...


H = TypeVar("H", bound=Callable[..., None])

_types: dict[str, FactType] = {}
_type_of: dict[type[Any], FactType] = {}
_subscribers: dict[str, dict[str, Handler]] = {}
_adapters: dict[type[Any], TypeAdapter[Any]] = {}


def fact(name: str, *, aggregate: str) -> Callable[[type[F]], type[F]]:
    """Register a frozen dataclass as the shape of the fact `name`.

    Facts with the same aggregate (the kind of thing, and the value of the field `aggregate`) are
    delivered in the order in which they were written.
    """
    assert _NAME.match(name), f"{name} is not context.what_happened.vN"

    def register(cls: type[F]) -> type[F]:
        assert dataclasses.is_dataclass(cls), "a fact is a frozen dataclass"
        assert aggregate in {field.name for field in dataclasses.fields(cls)}
        assert name not in _types, f"{name} is told twice"
        kind = FactType(name, aggregate, cls)
        _types[name] = kind
        _type_of[cls] = kind
        return cls

    return register


def subscribe(*classes: type[Any]) -> Callable[[H], H]:
    """Let a function hear facts. Its subscriber is its context: one place in the log each."""

    def register(function: H) -> H:
        context = function.__module__.split(".")[1]
        handlers = _subscribers.setdefault(context, {})
        for cls in classes:
            name = _type_of[cls].name
            assert name not in handlers, f"{context} hears {name} twice"
            handlers[name] = function
        return function

    return register


def subscribers() -> Mapping[str, Mapping[str, Handler]]:
    """Handlers by subscriber and by the name of the fact."""
    return _subscribers


def fact_types() -> Mapping[str, FactType]:
    """Every known fact by name."""
    return _types


def type_of(instance: object) -> FactType:
    return _type_of[type(instance)]


def aggregate_of(instance: object) -> str:
    """What orders this fact: `order_id:17`."""
    kind = type_of(instance)
    return f"{kind.aggregate}:{getattr(instance, kind.aggregate)}"


def adapter(cls: type[Any]) -> TypeAdapter[Any]:
    """How facts of this class become JSON and come back."""
    if cls not in _adapters:
        _adapters[cls] = TypeAdapter(cls)
    return _adapters[cls]


def body_of(instance: object) -> str:
    """A fact as JSON."""
    return adapter(type(instance)).serializer.to_json(instance).decode()
