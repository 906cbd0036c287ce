"""What a context shows at its door. Each rule returns its violations as sentences."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from collections.abc import Callable, Iterator
from typing import Any

from django.db import models

Rule = Callable[[types.ModuleType], list[str]]

# A router at a door is no row; what its methods speak of is the framework's business.
FRAMEWORKS = frozenset({"django", "ninja"})
STAY_HOME = (models.Model, models.QuerySet, models.Manager, models.Field)


def shown(door: types.ModuleType) -> dict[str, Any]:
    """What a door offers, by name: its `__all__`."""
    return {name: getattr(door, name) for name in getattr(door, "__all__", ())}


def doors_without_contents(door: types.ModuleType) -> list[str]:
    """A door reads like a table of contents, so it has one."""
    return [] if hasattr(door, "__all__") else [f"{door.__name__} has no __all__"]


def models_that_left_home(door: types.ModuleType) -> list[str]:
    """Contracts, ids and plain values cross a door; models and querysets stay home."""
    return [
        f"{door.__name__}.{name} lets {stray} out"
        for name, thing in shown(door).items()
        for stray in sorted({kind.__qualname__ for kind in _kinds(thing) if _stays_home(kind)})
    ]


def functions_with_unnamed_arguments(door: types.ModuleType) -> list[str]:
    """Whoever calls through a door names every value."""
    return [
        f"{door.__name__}.{name} takes `{parameter.name}` without its name"
        for name, function in _functions(door)
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is not inspect.Parameter.KEYWORD_ONLY
    ]


def functions_that_forget_the_merchant(door: types.ModuleType) -> list[str]:
    """A function that reads or writes rows takes the merchant first."""
    return [
        f"{door.__name__}.{name} does not take merchant_id first"
        for name, function in _functions(door)
        if {"selectors", "services"} & set(function.__module__.split("."))
        if next(iter(inspect.signature(function).parameters), "") != "merchant_id"
    ]


def functions_without_a_promise(door: types.ModuleType) -> list[str]:
    """A function at a door says in a sentence what it promises."""
    return [
        f"{door.__name__}.{name} promises nothing"
        for name, function in _functions(door)
        if not (function.__doc__ or "").strip()
    ]


def _functions(door: types.ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, thing in shown(door).items():
        function = _function(thing)
        if function:
            yield name, function


def _function(thing: object) -> Callable[..., Any] | None:
    """The function itself, whatever decorates it; nothing for a class or an alias of a type."""
    bare = inspect.unwrap(thing) if callable(thing) else thing
    return bare if inspect.isroutine(bare) else None


def _kinds(thing: object) -> set[type]:
    """Every class that a function's signature or a class's fields speak of."""
    found: set[type] = set()
    function = _function(thing)
    is_type = inspect.isclass(thing) or typing.get_origin(thing)
    waiting = [typing.get_type_hints(function) if function else thing if is_type else type(thing)]
    while waiting:
        hint = waiting.pop()
        if isinstance(hint, dict):
            waiting.extend(hint.values())
            continue
        if args := typing.get_args(hint):
            waiting.extend(arg for arg in args if arg is not Ellipsis)
            waiting.append(typing.get_origin(hint))
        if isinstance(hint, list | tuple):
            waiting.extend(hint)
        if inspect.isclass(hint) and hint not in found:
            found.add(hint)
            waiting.extend(_spoken_of_by(hint))
    return found


def _spoken_of_by(kind: type) -> Iterator[object]:
    """What a class of ours says of its fields and its public methods."""
    if kind.__module__.partition(".")[0] in FRAMEWORKS:
        return
    if dataclasses.is_dataclass(kind):
        yield typing.get_type_hints(kind)
    if not issubclass(kind, STAY_HOME):
        for name, method in vars(kind).items():
            if inspect.isfunction(method) and not name.startswith("_"):
                yield typing.get_type_hints(method)


def _stays_home(kind: type) -> bool:
    return issubclass(kind, STAY_HOME)
