from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from santong.kernel import cells, tenancy
from santong.merchants.selectors.staff import staff

KEPT_IN = "secrets/demo-logins.json"


class Command(BaseCommand):
    """Prints the log-ins of demo merchants, as far as they still exist.

    The demo loader writes `var/secrets/demo-logins.json`: a list of objects with `merchant`,
    `login`, `password` and `role`. Passwords of real people are never in it.
    """

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.VAR / KEPT_IN
        if not path.is_file():
            self.stdout.write("There are no demo log-ins; `create_merchant` opens a merchant.")
            return
        kept: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
        shown = [entry for entry in kept if entry["login"] in _logins_of(entry["merchant"])]
        columns = ("merchant", "login", "password", "role")
        rows = [columns, *(tuple(entry.get(c, "") for c in columns) for entry in shown)]
        widths = [max(len(row[place]) for row in rows) for place in range(len(columns))]
        for row in rows:
            line = "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True))
            self.stdout.write(line.rstrip())


def _logins_of(code: str) -> set[str]:
    try:
        merchant_id = cells.merchant_by_code(code).merchant_id
        with tenancy.scope(merchant_id=merchant_id):
            return {person.login for person in staff(merchant_id=merchant_id) if person.is_active}
    except (cells.UnknownMerchant, cells.MerchantIsMoving):
        return set()
