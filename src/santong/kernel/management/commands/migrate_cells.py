from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from santong.kernel import cells, rowsecurity


class Command(BaseCommand):
    """Brings every cell's tables up to date, one cell after the other, as the owner."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--create", metavar="NAME", help="first add a cell of this name")

    def handle(self, *args: Any, **options: Any) -> None:
        owner = connections["owner"]
        migrate_all(owner, create=options["create"], verbosity=options["verbosity"])


def migrate_all(
    owner: BaseDatabaseWrapper, *, create: str | None = None, verbosity: int = 1
) -> None:
    """Migrate and secure every cell; there is always a first one."""
    with owner.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(7305001)")
    try:
        with owner.cursor() as cursor:
            cursor.execute(cells.DIRECTORY)
        if not cells.all_cells(using=owner.alias):
            cells.create_cell(owner, name="main")
        if create:
            cells.create_cell(owner, name=create)
        for cell in cells.all_cells(using=owner.alias):
            migrate_cell(owner, cell, verbosity=verbosity)
    finally:
        with owner.cursor() as cursor:
            cursor.execute("RESET search_path")
            cursor.execute("SELECT pg_advisory_unlock(7305001)")


def migrate_cell(owner: BaseDatabaseWrapper, cell: cells.Cell, *, verbosity: int = 1) -> None:
    with owner.cursor() as cursor:
        cursor.execute(sql.SQL("SET search_path TO {}, public").format(sql.Identifier(cell.schema)))
    if verbosity:
        print(f"cell {cell.name}")  # noqa: T201  a command's output
    ContentType.objects.clear_cache()  # remembered by connection, but each cell has ids of its own
    call_command(
        "migrate", database=owner.alias, verbosity=max(verbosity - 1, 0), interactive=False
    )
    rowsecurity.secure_cell(
        owner, cell=cell, application_role=settings.DATABASES["default"]["USER"]
    )
