from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from santong.kernel import cells, tenancy
from santong.payments.contracts import Difference
from santong.payments.selectors.invariants import check_invariants
from santong.payments.services.rebuild import rebuild, repair

OPERATOR = tenancy.Actor(kind="system", id="ledger-command", name="Ledger command")


class Command(BaseCommand):
    """Checks the ledger's invariants, or replays its log and compares it with what is stored.

    With --repair, what differs is made what the log says, and written into the audit trail.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["check", "rebuild"])
        parser.add_argument("--merchant", metavar="CODE", help="only this merchant")
        parser.add_argument("--repair", action="store_true", help="store what the log says")
        parser.add_argument("--reason", default="", help="why it is repaired; goes into the trail")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["repair"] and not (options["what"] == "rebuild" and options["reason"]):
            raise CommandError("--repair goes with rebuild and needs a --reason")
        found = 0
        merchants = list(_merchants(options["merchant"]))
        if not merchants:
            raise CommandError(f"there is no merchant {options['merchant']}")
        for entry in merchants:
            lines = _lines(entry.merchant_id, options)
            found += len(lines)
            for line in lines:
                self.stdout.write(f"✗ {entry.code} · {line}")
        if not found:
            self.stdout.write(f"✓ The ledger agrees with its log: {len(merchants)} merchants")
        elif not options["repair"]:
            sys.exit(1)


def _merchants(code: str | None) -> Iterator[cells.Entry]:
    for cell in cells.all_cells():
        for entry in cells.merchants_of(cell):
            if code in (None, entry.code):
                yield entry


def _lines(merchant_id: int, options: dict[str, Any]) -> list[str]:
    now = datetime.now(UTC)
    with tenancy.scope(merchant_id=merchant_id, actor=OPERATOR, request_id="command:ledger"):
        if options["what"] == "check":
            findings = check_invariants(merchant_id=merchant_id, now=now)
            return [f"{finding.rule}: {finding.detail}" for finding in findings]
        if options["repair"]:
            found = repair(merchant_id=merchant_id, reason=options["reason"], now=now)
            return [f"{_line(each)} (repaired)" for each in found]
        return [_line(each) for each in rebuild(merchant_id=merchant_id)]


def _line(difference: Difference) -> str:
    return (
        f"{difference.table} {difference.row_id} {difference.column}:"
        f" {difference.stored or 'nothing'}, the log says {difference.replayed or 'nothing'}"
    )
