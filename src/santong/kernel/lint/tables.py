"""What every table must look like. Each rule returns its violations as sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Union

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models

from santong.kernel.models import MerchantOwned

Model = type[models.Model]
Key = Union["models.ForeignKey[Any, Any]", "models.ManyToManyField[Any, Any]"]

MERCHANT = frozenset({"merchant", "merchant_id"})


@dataclass(frozen=True, kw_only=True, slots=True)
class TableSecurity:
    """What PostgreSQL knows about one table's row-level security."""

    table: str
    is_enabled: bool
    is_forced: bool
    policies_with_both_halves: int


def keys_that_do_not_point_down(
    tables: Iterable[Model], *, height_by_context: Mapping[str, int]
) -> list[str]:
    """Foreign keys between contexts point down, with PROTECT, and cannot be walked back."""
    return [
        f"{table._meta.label}.{field.name} {complaint}"
        for table in tables
        for field in table._meta.get_fields()
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        if _leaves_its_context(field, height_by_context)
        for complaint in _complaints_about_key(field, height_by_context)
    ]


def unique_constraints_without_merchant(tables: Iterable[Model]) -> list[str]:
    """What is unique is unique for one merchant: the constraint starts with it."""
    return [
        f"{table._meta.label}: {name} starts with {columns[0] if columns else 'an expression'}"
        for table in tables
        for name, columns in _unique_sets(table)
        if not columns or columns[0] not in MERCHANT
    ]


def tables_of_nobody(tables: Iterable[Model], *, reason_by_label: Mapping[str, str]) -> list[str]:
    """A table belongs to a merchant, or stands in a short list with its reason."""
    nobody = {table._meta.label for table in tables if not issubclass(table, MerchantOwned)}
    return [
        *(f"{label} is not MerchantOwned" for label in sorted(nobody - reason_by_label.keys())),
        *(f"{label} is excused in vain" for label in sorted(reason_by_label.keys() - nobody)),
    ]


def tables_without_row_security(
    tables: Iterable[Model], *, secured: Collection[TableSecurity]
) -> list[str]:
    """Behind every merchant's table stands a forced policy for reading and for writing."""
    found = {security.table: security for security in secured}
    return [
        f"{table._meta.db_table} {complaint}"
        for table in tables
        if issubclass(table, MerchantOwned)
        for complaint in _complaints_about_security(found.get(table._meta.db_table))
    ]


def stateful(tables: Iterable[Model]) -> list[Model]:
    """Tables whose rows go through states, which a diagram explains."""
    return [
        table
        for table in tables
        if {"state", "status"} & {field.name for field in table._meta.local_fields}
        if any(field.choices for field in table._meta.local_fields)
    ]


def _leaves_its_context(field: Key, height_by_context: Mapping[str, int]) -> bool:
    home, abroad = field.model._meta.app_label, field.related_model._meta.app_label
    return home != abroad and {home, abroad} <= height_by_context.keys()


def _complaints_about_key(field: Key, height_by_context: Mapping[str, int]) -> Iterator[str]:
    home, abroad = field.model._meta.app_label, field.related_model._meta.app_label
    if height_by_context[abroad] >= height_by_context[home]:
        yield f"points up or sideways, at {abroad}"
    if not isinstance(field, models.ForeignKey):
        yield "is a many-to-many into another context"
        return
    if field.remote_field.on_delete is not models.PROTECT:
        yield "does not PROTECT"
    if not field.remote_field.hidden:
        yield 'has a way back: related_name="+" is missing'


def _unique_sets(table: Model) -> Iterator[tuple[str, list[str]]]:
    """Every set of columns that the table declares unique, apart from its primary key."""
    for field in table._meta.local_fields:
        if field.unique and not field.primary_key:
            yield f"unique {field.name}", [field.name]
    for fields in table._meta.unique_together:
        yield f"unique_together {fields}", list(fields)
    for constraint in table._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            yield constraint.name, _columns(constraint.fields or constraint.expressions)
        elif isinstance(constraint, ExclusionConstraint):
            yield constraint.name, _columns(part for part, _ in constraint.expressions)


def _columns(parts: Iterable[object]) -> list[str]:
    return [str(getattr(part, "name", part)) for part in parts]


def _complaints_about_security(security: TableSecurity | None) -> Iterator[str]:
    if security is None:
        yield "is not in the database"
        return
    if not security.is_enabled:
        yield "has row-level security switched off"
    if not security.is_forced:
        yield "does not force row-level security on its owner"
    if not security.policies_with_both_halves:
        yield "has no policy with both USING and WITH CHECK"
