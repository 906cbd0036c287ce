from __future__ import annotations

import csv
import gc
import hashlib
import io
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from santong.kernel import cells, tenancy
from santong.kernel.errors import NoSuch, Unavailable
from santong.kernel.http.middleware import WORTH_RETRYING
from santong.membership.contracts import ImportedBatch, ImportProblem
from santong.membership.rules.import_files import FileUnreadable, Part, parts
from santong.membership.selectors.import_batches import imported_batches
from santong.membership.selectors.import_obstacles import known_persons, obstacles
from santong.membership.selectors.import_proof import prove_import
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.terms import newest_terms
from santong.membership.services.import_members import import_members, wrong_tiers
from santong.merchants import public as merchants

FILE_INTAKE = replace(tenancy.SYSTEM, id="file-intake", name="File intake")
AT_ONCE = 4_000
TRIES = 5


class Command(BaseCommand):
    """Takes in the members of another system from a CSV file, and proves the balances.

    Some thousands of rows are a transaction of their own. A run that was broken off is gone on with
    by --resume, which says from which line; started without it, it says what to do and does
    nothing. The same file again finds its rows there and doubles nothing. What is set aside (a
    number that stands twice, who is a member already, a card number that is taken, what cannot be
    read) goes with line, column and reason, without what stood there, into a file beside it. At the
    end every row's member is looked up anew, and what the ledger says is compared with the file.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--merchant", required=True, metavar="CODE")
        parser.add_argument("--programme", required=True, metavar="CODE")
        parser.add_argument("--dry-run", action="store_true", help="write nothing, say what would")
        parser.add_argument(
            "--resume", action="store_true", help="go on with a run that was broken off"
        )
        parser.add_argument(
            "--encoding", default="utf-8-sig", help="gb18030 for files of old Excel"
        )
        parser.add_argument("--rejects", type=Path, help="where rows that are set aside are listed")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        rejects: Path = options["rejects"] or path.with_name(f"{path.name}.rejects.csv")
        intake = _Intake(
            merchant_id=_merchant_id(options["merchant"]),
            programme_code=options["programme"],
            is_dry_run=options["dry_run"],
        )
        try:
            intake.begin(path)
            if not intake.is_dry_run:
                self._check_start(
                    _standing(path, options["encoding"], intake),
                    path=path,
                    resumes=options["resume"],
                )
            with rejects.open("w", newline="", encoding="utf-8") as sink:
                listed = csv.writer(sink)
                listed.writerow(["line", "column", "reason"])
                for part in _read(path, options["encoding"], intake, "taking in"):
                    listed.writerows([p.line, p.column, p.reason] for p in intake.take(part))
            self._report(intake)
            if not intake.is_dry_run:
                for part in _read(path, options["encoding"], intake, "proving"):
                    intake.prove(part)
                self._report_proof(intake)
        except OSError as failure:
            raise CommandError(f"{path}: {failure.strerror}") from None
        except FileUnreadable as unreadable:
            raise CommandError(f"{path}: {unreadable.reason}") from None
        if not intake.set_aside:
            rejects.unlink()
            return
        raise CommandError(f"what was set aside, and why: {rejects}", returncode=1)

    def _check_start(self, stands: _Standing, *, path: Path, resumes: bool) -> None:
        """Refuse to begin what was begun, and to go on with what was not."""
        if not stands.parts_there:
            if resumes:
                raise CommandError(
                    f"nothing of {path.name} has been taken in: start it without --resume",
                    returncode=3,
                )
            return
        there = (
            f"{path.name} was begun on {stands.begun_at:%Y-%m-%d %H:%M} UTC:"
            f" {stands.members_there} members of its rows are there"
        )
        if stands.next_line is None:
            self.stdout.write(f"{there}, and no row is left; they are proven again")
        elif resumes:
            self.stdout.write(f"{there}; going on from line {stands.next_line}")
        else:
            raise CommandError(
                f"{there}, the run was broken off before line {stands.next_line}."
                " Add --resume to go on there; nothing has been done now",
                returncode=3,
            )

    def _report(self, intake: _Intake) -> None:
        would = "would be" if intake.is_dry_run else "are"
        seconds = time.monotonic() - intake.began
        self.stdout.write(
            f"{intake.members} members {would} taken in, {intake.new_members} of them new,"
            f" with {intake.points} points and {intake.experience} experience;"
            f" {intake.there} rows there already; {len(intake.set_aside)} set aside"
            f" ({seconds:.0f} s)"
        )

    def _report_proof(self, intake: _Intake) -> None:
        """The file's own sums beside the ledger's, and every member beside the row."""
        told = (
            f"proof: {intake.proven_rows} members, {intake.proven_points} points,"
            f" {intake.proven_experience} experience"
        )
        source = (intake.source_points, intake.source_experience)
        if intake.differences or source != (intake.proven_points, intake.proven_experience):
            lines = ", ".join(str(each.line) for each in intake.differences[:20])
            raise CommandError(
                f"{told}; the file says {source[0]} points, {source[1]} experience;"
                f" {len(intake.differences)} rows differ: {lines}",
                returncode=2,
            )
        self.stdout.write(f"{told}: equal to the file, row by row")


@dataclass(frozen=True, slots=True)
class _Standing:
    """How much of a file is there already, and from which line on it is not."""

    parts_there: int
    members_there: int
    begun_at: datetime | None
    next_line: int | None


@dataclass(slots=True)
class _Intake:
    """One file on its way in, and what became of it so far."""

    merchant_id: int
    programme_code: str
    is_dry_run: bool
    began: float = field(default_factory=time.monotonic)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    file_hash: str = ""
    programme_id: int = 0
    members: int = 0
    new_members: int = 0
    points: int = 0
    experience: int = 0
    there: int = 0
    set_aside: set[int] = field(default_factory=set)
    source_points: int = 0
    source_experience: int = 0
    proven_rows: int = 0
    proven_points: int = 0
    proven_experience: int = 0
    differences: list[ImportProblem] = field(default_factory=list)

    def begin(self, path: Path) -> None:
        with path.open("rb") as source:
            self.file_hash = hashlib.file_digest(source, "sha256").hexdigest()
        with self._scope():
            merchant = merchants.merchant(merchant_id=self.merchant_id)
            self.zone = ZoneInfo(merchant.timezone)
            try:
                programme = programme_by_code(
                    merchant_id=self.merchant_id, code=self.programme_code
                )
            except NoSuch:
                raise CommandError(f"there is no programme {self.programme_code}") from None
            self.programme_id = programme.id

    def batches(self) -> list[tuple[int, int, datetime]]:
        """What of the file has been taken in: from which line, how many members, when."""
        with self._scope():
            return imported_batches(
                merchant_id=self.merchant_id,
                programme_id=self.programme_id,
                file_hash=self.file_hash,
            )

    def take(self, part: Part) -> list[ImportProblem]:
        """Take rows in, or look what would become of them; give what is set aside."""
        problems = list(part.problems)
        if part.rows and self.is_dry_run:
            problems += self._look(part)
        elif part.rows:
            batch = self._import(part)
            problems += batch.problems
            self.there += 0 if batch.is_new else batch.members
            self.members += batch.members if batch.is_new else 0
            self.new_members += batch.new_members if batch.is_new else 0
            self.points += batch.points if batch.is_new else 0
            self.experience += batch.experience if batch.is_new else 0
        self.set_aside |= {problem.line for problem in problems}
        return sorted(problems, key=lambda problem: (problem.line, problem.column))

    def prove(self, part: Part) -> None:
        """Compare what the ledger says with the rows, summing them once more."""
        rows = [row for row in part.rows if row.line not in self.set_aside]
        if not rows:
            return
        self.source_points += sum(row.points for row in rows)
        self.source_experience += sum(row.experience for row in rows)
        with self._scope():
            proof = prove_import(
                merchant_id=self.merchant_id, programme_code=self.programme_code, rows=rows
            )
        self.proven_rows += proof.rows
        self.proven_points += proof.points
        self.proven_experience += proof.experience
        self.differences += proof.differences

    def _look(self, part: Part) -> list[ImportProblem]:
        with self._scope():
            about = {"merchant_id": self.merchant_id, "programme_id": self.programme_id}
            published = newest_terms(
                merchant_id=self.merchant_id, programme_ids=[self.programme_id]
            )
            problems = wrong_tiers(published=published.get(self.programme_id), rows=part.rows)
            known = known_persons(
                merchant_id=self.merchant_id, programme_code=self.programme_code, rows=part.rows
            )
            problems += obstacles(**about, rows=part.rows, persons_by_line=known)
        lines = {problem.line for problem in problems}
        good = [row for row in part.rows if row.line not in lines]
        self.members += len(good)
        self.new_members += sum(not known[row.line] for row in good)
        self.points += sum(row.points for row in good)
        self.experience += sum(row.experience for row in good)
        return problems

    def _import(self, part: Part) -> ImportedBatch:
        for left in reversed(range(TRIES)):
            try:
                with self._scope():
                    return import_members(
                        merchant_id=self.merchant_id,
                        programme_code=self.programme_code,
                        file_hash=self.file_hash,
                        first_line=part.first_line,
                        rows=part.rows,
                        now=self.now,
                    )
            except Unavailable:
                if not left:
                    raise
            except OperationalError as failure:
                if not left or getattr(failure.__cause__, "sqlstate", None) not in WORTH_RETRYING:
                    raise
        raise AssertionError("the last try returns or raises")

    def _scope(self) -> Any:
        return tenancy.scope(
            merchant_id=self.merchant_id, actor=FILE_INTAKE, request_id="import_members"
        )


def _standing(path: Path, encoding: str, intake: _Intake) -> _Standing:
    """How far the file has come. Only one that was begun is read for it."""
    batches = intake.batches()
    there = {first_line for first_line, _, _ in batches}
    left = (
        part.first_line
        for part in _read(path, encoding, intake, "looking what is there")
        if part.rows and part.first_line not in there
    )
    return _Standing(
        parts_there=len(batches),
        members_there=sum(members for _, members, _ in batches),
        begun_at=min((at for _, _, at in batches), default=None),
        next_line=next(left, None) if batches else None,
    )


def _read(path: Path, encoding: str, intake: _Intake, what: str) -> Iterator[Part]:
    """The parts of the file, with a bar that follows the bytes."""
    with path.open("rb") as source, _bar() as bar, _collecting_what_is_new() as collect:
        try:
            text = io.TextIOWrapper(source, encoding=encoding, newline="")
        except LookupError:
            raise CommandError(f"there is no encoding {encoding}") from None
        task = bar.add_task(f"{path.name}: {what}", total=path.stat().st_size)
        try:
            for part in parts(text, at_once=AT_ONCE, zone=intake.zone, now=intake.now):
                yield part
                bar.update(task, completed=source.tell())
                collect()
        except UnicodeDecodeError as failure:
            raise CommandError(f"{path} is not {encoding}: {failure.reason}") from None
        bar.update(task, completed=path.stat().st_size)


@contextmanager
def _collecting_what_is_new() -> Iterator[Callable[[], object]]:
    """Let garbage be looked for among what is new, and when it is asked for.

    What of a million rows was seen stays until the end. To look through all of it again and again
    takes a third of the processor time.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield lambda: gc.collect(1)
    finally:
        if was_enabled:
            gc.enable()


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
