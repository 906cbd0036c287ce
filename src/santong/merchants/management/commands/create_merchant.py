from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from santong.kernel import cells, tenancy
from santong.merchants.services.create_staff import create_staff
from santong.merchants.services.grant_role import grant_role
from santong.merchants.services.open_merchant import open_merchant


class Command(BaseCommand):
    """Opens a merchant and prints its first log-in, with a one-time password."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="small letters, digits and hyphens; used to log in")
        parser.add_argument("name")
        parser.add_argument("--cell", help="where its rows live (the first cell, if not given)")
        parser.add_argument("--currency", default="CNY")
        parser.add_argument("--timezone", default="Asia/Shanghai")
        parser.add_argument("--language", default="zh-hans", choices=["zh-hans", "en"])
        parser.add_argument("--login", default="admin", help="of the first person, head office")

    def handle(self, *args: Any, **options: Any) -> None:
        code: str = options["code"]
        if not cells.MERCHANT_CODE.match(code):
            raise CommandError("A code has 2 to 40 small letters, digits and hyphens.")
        home = _cell(options["cell"])
        now = datetime.now(UTC)
        with transaction.atomic():
            try:
                cells.merchant_by_code(code)
            except cells.UnknownMerchant:
                merchant_id = cells.register_merchant(code=code, cell=home)
            else:
                raise CommandError(f"There is a merchant {code} already.")
            with tenancy.scope(merchant_id=merchant_id):
                open_merchant(
                    merchant_id=merchant_id,
                    code=code,
                    name=options["name"],
                    currency=options["currency"],
                    timezone=options["timezone"],
                    language=options["language"],
                    now=now,
                )
                first = create_staff(
                    merchant_id=merchant_id,
                    login=options["login"],
                    name=options["name"][:60],
                    language=options["language"],
                    now=now,
                )
                grant_role(
                    merchant_id=merchant_id, staff_id=first.staff.id, role="head_office", now=now
                )
        self.stdout.write(f"merchant  {code}")
        self.stdout.write(f"log-in    {first.staff.login}")
        self.stdout.write(f"password  {first.password}   (once; it must be changed)")


def _cell(name: str | None) -> cells.Cell:
    known = cells.all_cells()
    for cell in known:
        if name in (None, cell.name):
            return cell
    names = ", ".join(cell.name for cell in known)
    raise CommandError(f"There is no cell {name}; there are: {names}.")
