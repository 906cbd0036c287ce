"""Migrations are complete, form one line, and let a running system go on."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import models
from django.db.migrations import Migration, operations
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.db.models import Q
from django.utils import translation

from santong.kernel.lint import migrations

# Steps that look dangerous and are not, each with its reason.
HARMLESS: dict[str, str] = {}


@pytest.fixture(scope="module")
def loader() -> MigrationLoader:
    return MigrationLoader(None, ignore_no_migrations=True)


def ours(loader: MigrationLoader) -> dict[tuple[str, str], Migration]:
    assert loader.disk_migrations is not None
    return {
        (app, name): migration
        for (app, name), migration in loader.disk_migrations.items()
        if apps.get_app_config(app).name.startswith("santong.")
    }


def test_no_migration_is_missing(loader: MigrationLoader) -> None:
    detector = MigrationAutodetector(
        loader.project_state(),
        ProjectState.from_apps(apps),
        NonInteractiveMigrationQuestioner(specified_apps=set(), dry_run=True),
    )

    with translation.override(None):
        changes = detector.changes(graph=loader.graph)

    assert {app: [str(step) for step in found] for app, found in changes.items()} == {}


def test_migrations_form_one_line(loader: MigrationLoader) -> None:
    found = migrations.forks_and_merges(ours(loader))

    assert found == []


def test_no_migration_takes_a_long_lock(loader: MigrationLoader) -> None:
    found = migrations.long_locks(ours(loader))

    assert [complaint for complaint in found if complaint not in HARMLESS] == []
    assert [excuse for excuse in HARMLESS if excuse not in found] == []


def test_a_fork_and_a_merge_are_found() -> None:
    line = {
        ("orders", "0001"): planted("0001", after=[]),
        ("orders", "0002_left"): planted("0002_left", after=["0001"]),
        ("orders", "0002_right"): planted("0002_right", after=["0001"]),
        ("orders", "0003"): planted("0003", after=["0002_left", "0002_right"]),
    }

    found = migrations.forks_and_merges(line)

    assert found == ["orders.0003 merges", "orders.0001 forks into 0002_left, 0002_right"]


CHECK = models.CheckConstraint(condition=Q(quantity__gt=0), name="is_something")
UNIQUE = models.UniqueConstraint(fields=["merchant_id", "code"], name="one_code")
INDEX = models.Index(fields=["code"], name="by_code")
PRODUCT = models.GeneratedField(
    expression=models.F("quantity") * 2, output_field=models.IntegerField(), db_persist=True
)


@pytest.mark.parametrize(
    "step",
    [
        operations.AddIndex("line", INDEX),
        operations.RemoveIndex("line", "by_code"),
        operations.AddConstraint("line", CHECK),
        operations.AddConstraint("line", UNIQUE),
        operations.AlterField("line", "quantity", models.BigIntegerField()),
        operations.AddField("line", "code", models.CharField(max_length=9, db_index=True)),
        operations.AddField("line", "code", models.CharField(max_length=9)),
        operations.AddField("line", "double", PRODUCT),
        operations.RunSQL("UPDATE orders_line SET quantity = 1"),
        operations.SeparateDatabaseAndState(
            database_operations=[operations.AddIndex("line", INDEX)]
        ),
    ],
    ids=lambda step: step.describe(),
)
def test_a_step_that_holds_a_long_lock_is_found(step: Operation) -> None:
    later = planted("0002", after=["0001"], steps=[step])

    found = migrations.long_locks({("orders", "0002"): later})

    assert len(found) == 1


@pytest.mark.parametrize(
    "step",
    [
        AddIndexConcurrently("line", INDEX),
        AddConstraintNotValid("line", CHECK),
        ValidateConstraint("line", "is_something"),
        operations.AddField("line", "note", models.CharField(max_length=9, default="")),
        operations.AddField("line", "seen_at", models.DateTimeField(null=True)),
        operations.RemoveField("line", "note"),
    ],
    ids=lambda step: step.describe(),
)
def test_a_step_that_lets_others_work_is_left_alone(step: Operation) -> None:
    later = planted("0002", after=["0001"], steps=[step])

    found = migrations.long_locks({("orders", "0002"): later})

    assert found == []


def test_a_table_made_in_the_same_step_is_used_by_nobody_yet() -> None:
    steps: list[Operation] = [
        operations.CreateModel("Line", [("id", models.BigAutoField(primary_key=True))]),
        operations.AddIndex("line", INDEX),
    ]

    found = migrations.long_locks({("orders", "0002"): planted("0002", after=[], steps=steps)})

    assert found == []


def planted(name: str, *, after: list[str], steps: list[Operation] | None = None) -> Migration:
    body = {"dependencies": [("orders", parent) for parent in after], "operations": steps or []}
    migration: Migration = type("Planted", (Migration,), body)(name, "orders")
    return migration
