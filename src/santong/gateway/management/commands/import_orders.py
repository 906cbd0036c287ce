from __future__ import annotations

import csv
import io
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, transaction
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from santong.gateway.contracts import IfShort
from santong.gateway.errors import FileUnreadable, RowProblem
from santong.gateway.rules.order_files import read_csv, read_json_lines
from santong.gateway.rules.order_rows import Handed
from santong.gateway.services.take_in_order import take_in_order
from santong.kernel import cells, tenancy
from santong.kernel.errors import DomainError, Unavailable
from santong.kernel.http.middleware import WORTH_RETRYING
from santong.orders import public as orders
from santong.routing import public as routing

FILE_INTAKE = replace(tenancy.SYSTEM, id="file-intake", name="File intake")
READERS = {".csv": read_csv, ".jsonl": read_json_lines, ".ndjson": read_json_lines}
TRIES = 5


class Command(BaseCommand):
    """Takes in the orders of a file: CSV (one row a line) or JSON Lines (one order a line).

    Each order is a transaction of its own. The same file again finds its orders there and doubles
    nothing, so a run that was broken off is simply started again. What is refused goes, with its
    line and column and without what stood there, into a file beside it.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--merchant", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument("--if-short", choices=["refuse", "accept"], help="where stock is short")
        parser.add_argument(
            "--encoding", default="utf-8-sig", help="gb18030 for files of old Excel"
        )
        parser.add_argument("--rejects", type=Path, help="where refused rows are listed")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        rejects: Path = options["rejects"] or path.with_name(f"{path.name}.rejects.csv")
        merchant_id = _merchant_id(options["merchant"])
        counts: Counter[str] = Counter()
        try:
            with path.open("rb") as source, rejects.open("w", newline="", encoding="utf-8") as sink:
                listed = csv.writer(sink)
                listed.writerow(["line", "column", "external_number", "reason"])
                for handed in self._read(source, path, options["encoding"]):
                    outcome, problems = _take_in(
                        handed,
                        merchant_id=merchant_id,
                        if_short=options["if_short"],
                        is_dry_run=options["dry_run"],
                    )
                    counts[outcome] += 1
                    listed.writerows(
                        [p.line, p.column, handed.external_number, p.reason] for p in problems
                    )
        except OSError as failure:
            raise CommandError(f"{path}: {failure.strerror}") from None
        except FileUnreadable as unreadable:
            problem = unreadable.problem
            where = f"{path}, line {problem.line}" + (problem.column and f", {problem.column}")
            raise CommandError(f"{where}: {problem.reason}") from None
        self._report(counts, rejects, is_dry_run=options["dry_run"])

    def _read(self, source: BinaryIO, path: Path, encoding: str) -> Iterator[Handed]:
        """The orders of the file, with a bar that follows the bytes."""
        reader = READERS.get(path.suffix.lower())
        if reader is None:
            raise CommandError(f"{path}: give a {', '.join(READERS)} file")
        try:
            text = io.TextIOWrapper(source, encoding=encoding, newline="")
        except LookupError:
            raise CommandError(f"there is no encoding {encoding}") from None
        with _bar() as bar:
            task = bar.add_task(path.name, total=path.stat().st_size, taken=0)
            try:
                for handed in reader(text=text):
                    yield handed
                    bar.update(task, completed=source.tell(), advance=0)
            except UnicodeDecodeError as failure:
                raise CommandError(f"{path} is not {encoding}: {failure.reason}") from None
            bar.update(task, completed=path.stat().st_size)

    def _report(self, counts: Counter[str], rejects: Path, *, is_dry_run: bool) -> None:
        would = "would be " if is_dry_run else ""
        new = counts["new"] + counts["short"]
        self.stdout.write(
            f"{new} orders {would}new, {counts['short']} of them short of stock;"
            f" {counts['same']} there already; {counts['refused']} refused"
        )
        if counts["refused"]:
            raise CommandError(f"what was refused, and why: {rejects}", returncode=1)
        rejects.unlink()


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )


def _merchant_id(code: str) -> int:
    try:
        return cells.merchant_by_code(code).merchant_id
    except cells.UnknownMerchant:
        raise CommandError(f"there is no merchant {code}") from None


def _take_in(
    handed: Handed, *, merchant_id: int, if_short: IfShort | None, is_dry_run: bool
) -> tuple[str, tuple[RowProblem, ...]]:
    """Take one order in, as often as others are in the way."""
    if handed.order is None:
        return "refused", handed.problems
    for left in reversed(range(TRIES)):
        try:
            return _once(handed.order, merchant_id, if_short, is_dry_run=is_dry_run), ()
        except orders.InvalidOrder as refused:
            return "refused", handed.located(refused.errors)
        except (Unavailable, routing.TooContended) as refused:
            if not left:
                return "refused", _whole(handed, refused.code)
        except DomainError as refused:
            return "refused", _whole(handed, refused.code)
        except OperationalError as failure:
            if not left or getattr(failure.__cause__, "sqlstate", None) not in WORTH_RETRYING:
                raise
    raise AssertionError("the last try returns")


def _once(
    order: orders.NewOrder, merchant_id: int, if_short: IfShort | None, *, is_dry_run: bool
) -> str:
    with tenancy.scope(merchant_id=merchant_id, actor=FILE_INTAKE, request_id="import_orders"):
        taken = take_in_order(
            merchant_id=merchant_id, order=order, if_short=if_short, now=datetime.now(UTC)
        )
        if is_dry_run:
            transaction.set_rollback(True)
    if not taken.promise.is_new:
        return "same"
    decision = taken.promise.decision
    return "short" if decision and decision.choice.unfilled else "new"


def _whole(handed: Handed, reason: str) -> tuple[RowProblem, ...]:
    return (RowProblem(line=handed.line, column="", reason=reason),)
