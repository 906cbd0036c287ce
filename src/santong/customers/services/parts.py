"""What other contexts know of a person: functions named in the settings, by context."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from django.utils.module_loading import import_string

from santong.customers.contracts import Identifier, PersonRecord
from santong.customers.models import Person
from santong.customers.selectors.persons import edges_of, keys_of, opened


class Exporter(Protocol):
    """Gives a context's part of a person in plain JSON."""

    def __call__(self, *, merchant_id: int, person: PersonRecord) -> Mapping[str, object]: ...


class Eraser(Protocol):
    """Makes a context forget who somebody was, or refuses because the person is still served."""

    def __call__(self, *, merchant_id: int, person: PersonRecord, now: datetime) -> None: ...


def exporters(paths: Sequence[str]) -> dict[str, Exporter]:
    """Functions that export, by context."""
    return {_context(path): import_string(path) for path in paths}


def erasers(paths: Sequence[str]) -> dict[str, Eraser]:
    """Functions that forget, by context, in the order of the settings."""
    return {_context(path): import_string(path) for path in paths}


def record_of(*, merchant_id: int, rows: Sequence[Person]) -> PersonRecord:
    """A person in clear text."""
    keys = keys_of(rows)
    return PersonRecord(
        person_ids=tuple(row.id for row in rows),
        identifiers=tuple(
            Identifier(edge.as_kind(), opened(edge, keys=keys), edge.scope)
            for edge in edges_of(merchant_id=merchant_id, rows=rows)
        ),
    )


def _context(path: str) -> str:
    return path.split(".")[1]
