"""What leaves the product says what it is. Each rule returns its violations as sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from santong.kernel.errors import DomainError


def codes_of_strangers(refusals: Sequence[type[DomainError]]) -> list[str]:
    """A refusal's code begins with the context that declares it."""
    return [
        f"{kind.__module__}.{kind.__qualname__} calls itself {kind.code}"
        for kind in refusals
        if kind.code.partition(".")[0] not in kind.__module__.split(".")
    ]


def codes_shared(refusals: Sequence[type[DomainError]]) -> list[str]:
    """A code means one thing."""
    count_by_code = Counter(kind.code for kind in refusals)
    return [f"{code} means {count} things" for code, count in count_by_code.items() if count > 1]


def silent_messages(schema_by_name: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """A fact says what has happened, in its docstring."""
    return [
        f"{name} says nothing"
        for name, schema in schema_by_name.items()
        if not str(schema.get("description", "")).strip()
    ]


def silent_operations(openapi: Mapping[str, Any]) -> list[str]:
    """An endpoint says what it does, in its docstring."""
    return [
        f"{method.upper()} {path} says nothing"
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
        if not str(operation.get("description", "")).strip()
    ]
