"""What migrations may do to a database in use. Each rule returns its violations as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib.postgres import operations as postgres
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.operations.base import Operation

NodeKey = tuple[str, str]

# In this order: the harmless kinds are special cases of the harmful ones.
ADVICE: Sequence[tuple[type[Operation], str]] = (
    (postgres.AddIndexConcurrently, ""),
    (postgres.RemoveIndexConcurrently, ""),
    (operations.AddIndex, "build it with AddIndexConcurrently"),
    (operations.RemoveIndex, "remove it with RemoveIndexConcurrently"),
    (operations.AlterField, "add a column, backfill it, then drop the old one"),
    (operations.RunPython, "move data in a resumable job"),
    (operations.RunSQL, "move data in a resumable job"),
)
CHECK = "add it with AddConstraintNotValid, then ValidateConstraint"
UNIQUE = "build its index concurrently first, then attach it"


def forks_and_merges(migrations: Mapping[NodeKey, Migration]) -> list[str]:
    """The migrations of an app form one line."""
    parents = {
        key: [parent for parent in migration.dependencies if parent[0] == key[0]]
        for key, migration in migrations.items()
    }
    children: dict[NodeKey, list[str]] = {}
    for key, found in parents.items():
        for parent in found:
            children.setdefault((parent[0], parent[1]), []).append(key[1])
    return [
        *(f"{app}.{name} merges" for (app, name), found in parents.items() if len(found) > 1),
        *(
            f"{app}.{name} forks into {', '.join(sorted(found))}"
            for (app, name), found in children.items()
            if len(found) > 1
        ),
    ]


def long_locks(migrations: Mapping[NodeKey, Migration]) -> list[str]:
    """No step makes writers wait for a scan or a rewrite of a table that is in use."""
    return [
        f"{app}.{name}: {complaint}"
        for (app, name), migration in migrations.items()
        if not migration.initial
        for complaint in _complaints(migration.operations)
    ]


def _complaints(steps: Iterable[Operation]) -> Iterator[str]:
    fresh: set[str] = set()
    for step in _flat(steps):
        if isinstance(step, operations.CreateModel):
            fresh.add(step.name.lower())
        table = str(getattr(step, "model_name", "")).lower()
        if table not in fresh and (complaint := _complaint(step)):
            yield f"{step.describe()}: {complaint}"


def _flat(steps: Iterable[Operation]) -> Iterator[Operation]:
    for step in steps:
        if isinstance(step, operations.SeparateDatabaseAndState):
            yield from _flat(step.database_operations)
        else:
            yield step


def _complaint(step: Operation) -> str:
    if isinstance(step, operations.AddField):
        return _complaint_about_column(step.field)
    if isinstance(step, postgres.AddConstraintNotValid):
        return ""
    if isinstance(step, operations.AddConstraint):
        return CHECK if isinstance(step.constraint, models.CheckConstraint) else UNIQUE
    return next((advice for kind, advice in ADVICE if isinstance(step, kind)), "")


def _complaint_about_column(field: Any) -> str:
    if isinstance(field, models.GeneratedField):
        return "a stored generated column rewrites the table"
    if field.unique or field.db_index:
        return "add the column bare and build its index concurrently"
    if not field.null and not field.has_db_default() and not field.has_default():
        return "a column that may not be empty needs a default"
    return ""
