from __future__ import annotations

import resource
import time
from argparse import ArgumentParser
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from santong.kernel import cells, tenancy
from santong.kernel.errors import DomainError
from santong.reconciliation.contracts import FORMATS, StatementFile
from santong.reconciliation.providers.work import work_on_file
from santong.reconciliation.rules.packing import Packed, pack
from santong.reconciliation.selectors.differences import counted
from santong.reconciliation.services.receive_file import receive_file

FILE_INTAKE = replace(tenancy.SYSTEM, id="file-intake", name="File intake")


class Command(BaseCommand):
    """Takes in a provider's statement of a day and matches it to the books.

    A run that was broken off, at whatever moment, goes on where it was when the same file is given
    again. A file that is not whole is refused with line, column and reason, and nothing of it is
    taken. A corrected file for the same day takes the place of the one before it; both are kept.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--merchant", required=True, metavar="CODE")
        parser.add_argument("--account", required=True, metavar="CODE")
        parser.add_argument("--day", required=True, type=date.fromisoformat, metavar="2026-11-10")
        parser.add_argument("--format", choices=FORMATS, help="where the account has another one")

    def handle(self, *args: Any, **options: Any) -> None:
        merchant_id = _merchant_id(options["merchant"])
        began = time.monotonic()
        now = datetime.now(UTC)
        try:
            packed = _packed(options["file"])
            with tenancy.scope(merchant_id=merchant_id, actor=FILE_INTAKE, request_id="reconcile"):
                file = receive_file(
                    merchant_id=merchant_id,
                    account_code=options["account"],
                    day=options["day"],
                    file_format=options["format"],
                    packed=packed,
                    now=now,
                )
            del packed
            with _Bars() as bars:
                file = work_on_file(
                    merchant_id=merchant_id, file_id=file.id, now=now, tell=bars.tell
                )
        except DomainError as refused:
            raise CommandError(str(refused)) from None
        self._report(file, merchant_id=merchant_id, seconds=time.monotonic() - began)
        stages = ", ".join(f"{stage} {took:.1f}" for stage, took in bars.seconds.items())
        self.stdout.write(f"seconds: {stages}")

    def _report(self, file: StatementFile, *, merchant_id: int, seconds: float) -> None:
        if file.state == "refused":
            raise CommandError(
                f"line {file.problem_line} {file.problem_column}: {file.problem};"
                " nothing of the file was taken",
                returncode=2,
            )
        if file.state == "superseded":
            raise CommandError("a later file of the day is there already", returncode=3)
        lines_a_second = round(file.lines / seconds) if seconds else 0
        peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stdout.write(
            f"{file.lines} lines, {file.matched} matched, {file.differences} differences"
            f" ({seconds:.1f} s, {lines_a_second} lines a second, {peak_mib} MiB)"
        )
        with tenancy.scope(merchant_id=merchant_id, request_id="reconcile"):
            for each in counted(merchant_id=merchant_id, file_id=file.id):
                self.stdout.write(
                    f"  {each.category} {each.state}: {each.count},"
                    f" {each.difference_minor} {each.currency}"
                )
        self.stdout.write(
            f"theirs {file.theirs_minor}, ours {file.ours_minor}, booked {file.booked_minor},"
            f" differences {file.differences_minor}; unexplained {file.unexplained_minor}"
        )


class _Bars:
    """A bar for each stage that has a length, and the name of the one that has none."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
        )
        self._tasks: dict[str, TaskID] = {}
        self._told_at = time.monotonic()
        self.seconds: dict[str, float] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._bars.stop()

    def tell(self, stage: str, done: int, of: int) -> None:
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=of)
        self._bars.update(self._tasks[stage], completed=done)
        now = time.monotonic()
        self.seconds[stage] = self.seconds.get(stage, 0) + now - self._told_at
        self._told_at = now


def _packed(path: Path) -> Packed:
    try:
        with path.open("rb") as source:
            return pack(source)
    except OSError as failure:
        raise CommandError(f"{path}: {failure.strerror}") from None


def _merchant_id(code: str) -> int:
    try:
        return cells.merchant_by_code(code).merchant_id
    except cells.UnknownMerchant:
        raise CommandError(f"there is no merchant {code}") from None
