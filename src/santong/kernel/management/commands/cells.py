from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from santong.kernel import cells
from santong.kernel.management.commands.migrate_cells import migrate_all
from santong.kernel.moving import CannotMove, move_merchant


class Command(BaseCommand):
    """Lists cells, adds one, or moves a merchant with all of its rows to another.

    While a merchant moves, its requests are answered 503 with Retry-After and its jobs wait; other
    merchants go on. A move that fails or is killed leaves everything where it was.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        actions.add_parser("list", help="every cell with its merchants")
        create = actions.add_parser("create", help="add an empty cell and its tables")
        create.add_argument("name")
        move = actions.add_parser("move", help="move a merchant to another cell")
        move.add_argument("merchant", help="the merchant's code")
        move.add_argument("--to", required=True, metavar="CELL")

    def handle(self, *args: Any, **options: Any) -> None:
        match options["action"]:
            case "list":
                self._list()
            case "create":
                self._create(options["name"])
            case _:
                self._move(options["merchant"], options["to"])

    def _list(self) -> None:
        for cell in cells.all_cells():
            merchants = cells.merchants_of(cell)
            self.stdout.write(f"{cell.number}  {cell.name}  {len(merchants)} merchants")
            for entry in merchants:
                self.stdout.write(f"     {entry.code}")

    def _create(self, name: str) -> None:
        try:
            migrate_all(connections["owner"], create=name, verbosity=0)
        except ValueError as wrong:
            raise CommandError(str(wrong)) from None
        self.stdout.write(f"The cell {name} is there; restart the workers to serve it.")

    def _move(self, code: str, name: str) -> None:
        target = next((cell for cell in cells.all_cells() if cell.name == name), None)
        if target is None:
            raise CommandError(f"There is no cell {name}.")
        try:
            entry = cells.merchant_by_code(code)
            moved = move_merchant(
                connections["owner"],
                merchant_id=entry.merchant_id,
                to=target,
                now=datetime.now(UTC),
            )
        except cells.UnknownMerchant:
            raise CommandError(f"There is no merchant {code}.") from None
        except CannotMove as why:
            raise CommandError(f"{code} was not moved: {why}.") from None
        except OperationalError as why:
            raise CommandError(f"{code} was not moved, something kept its rows: {why}") from None
        for table, rows in moved.rows_by_table.items():
            if rows:
                self.stdout.write(f"{rows:>12}  {table}")
        self.stdout.write(f"{moved.rows:>12}  rows of {code} moved to {name}")
