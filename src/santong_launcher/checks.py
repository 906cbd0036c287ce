"""`test`: everything that CI runs, in one order, all of it, with a summary at the end."""

import argparse
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from santong_launcher import benchmarks, postgres_programs, product, web
from santong_launcher.checkout import Checkout
from santong_launcher.keys import new_keys
from santong_launcher.postgres import DATABASE, Cluster, keep_copy, temporary_cluster
from santong_launcher.postgres_programs import OLDEST_MAJOR, Programs
from santong_launcher.steps import say

WORKERS = 2
# Whether the oldest server speaks our SQL is soon seen; for faults of our own the first run looks.
SHORT_SEARCHES = {
    "SANTONG_FUZZ_CASES": "4",
    "SANTONG_MACHINE_EXAMPLES": "1",
    "SANTONG_RACE_ROUNDS": "3",
    "SANTONG_STATE_MACHINE_EXAMPLES": "6",
}
# What every process that tests begins with, and every benchmark. Made once, it is copied.
TABLES = ("migrate_cells", "--create=second", "--verbosity=0")
LONG_TESTS_FIRST = ("-p", "santong_launcher.long_tests_first")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
# The last two make what the tests look at pages with.
DJANGO_CHECKS: Mapping[str, Sequence[str]] = {
    "no migration is missing": ("makemigrations", "--check", "--dry-run"),
    "translations": product.PAGES[0],
    "static files": product.PAGES[1],
}


@dataclass(frozen=True, kw_only=True)
class Check:
    """A program that says by its exit status whether all is well."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one check came to."""

    name: str
    status: int
    seconds: float
    last_line: str = ""

    def __str__(self) -> str:
        """One line of the summary."""
        verdict = "ok" if self.status == 0 else "FAILED"
        return f"  {verdict:<7}{self.name:<34}{self.seconds:7.1f} s  {self.last_line}".rstrip()


@dataclass(kw_only=True)
class Report:
    """The checks so far."""

    checkout: Checkout
    outcomes: list[Outcome] = field(default_factory=list)

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Run one check, its output as it comes; a failure does not keep the next from running."""
        say(f"\n── {name}")
        check = Check(name=name, command=command, environment=environment)
        self.outcomes.append(self._ran(check, tell=lambda line: say(line, end="")))

    def run_together(self, checks: Sequence[Check]) -> None:
        """Run checks that need a processor each, a few at a time: each output whole, in order."""
        told: list[list[str]] = [[] for _ in checks]
        with ThreadPoolExecutor(WORKERS) as threads:
            running = [
                threads.submit(self._ran, check, tell=lines.append)
                for check, lines in zip(checks, told, strict=True)
            ]
            for check, lines, one in zip(checks, told, running, strict=True):
                self.outcomes.append(one.result())
                say(f"\n── {check.name}")
                say("".join(lines), end="")

    def _ran(self, check: Check, *, tell: Callable[[str], object]) -> Outcome:
        started = time.monotonic()
        last_line = ""
        with subprocess.Popen(
            check.command,
            cwd=self.checkout.root,
            env=dict(check.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        ) as running:
            assert running.stdout is not None
            for line in running.stdout:
                tell(line)
                last_line = line.strip(" =\n") or last_line
        return Outcome(
            name=check.name,
            status=running.returncode,
            seconds=time.monotonic() - started,
            last_line=last_line[:70],
        )

    def summary(self) -> int:
        """Print all outcomes; the exit status of the first that failed, else 0."""
        say("\n── Summary")
        for outcome in self.outcomes:
            say(str(outcome))
        return next((outcome.status for outcome in self.outcomes if outcome.status), 0)


def run_checks(*, checkout: Checkout, arguments: Sequence[str]) -> int:
    """Run every check against throw-away databases. Raises Problem when one cannot be started."""
    options = _options(arguments)
    report = Report(checkout=checkout)
    web.ensure_assets(checkout=checkout, with_tools=True)
    with tempfile.TemporaryDirectory(prefix="santong-test-") as folder:
        var = Path(folder)
        shutil.copytree(checkout.var / "static-src", var / "static-src")
        (var / "web").symlink_to(checkout.var / "web")
        with temporary_cluster(kind="wheel") as cluster:
            environment = _environment(checkout, cluster, var)
            _check_sources(report, environment, fast=options.fast)
            keep_copy(cluster=cluster, to=var / "prepared")
            _run_tests(report, cluster, environment | _prepared(var), options.pytest)
        if not options.fast:
            _run_benchmarks_and_repeat(report, var, options.pytest)
    return report.summary()


def _environment(checkout: Checkout, cluster: Cluster, var: Path) -> dict[str, str]:
    made = product.throw_away_environment(
        checkout=checkout, cluster=cluster, keys=new_keys(), var=var
    )
    return {**made, "SANTONG_TEST_TEMPLATE": DATABASE}


def _prepared(var: Path) -> dict[str, str]:
    """For whoever brings a cluster with the product's tables."""
    return {"SANTONG_PREPARED_CLUSTER": str(var / "prepared")}


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    ours, theirs = _split(arguments)
    parser = argparse.ArgumentParser(prog="./santong test")
    parser.add_argument(
        "--fast",
        action="store_true",
        help="without pyright, benchmarks and the oldest PostgreSQL",
    )
    options = parser.parse_args(ours)
    options.pytest = theirs
    return options


def _split(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    everything = list(arguments)
    if "--" not in everything:
        return everything, []
    border = everything.index("--")
    return everything[:border], everything[border + 1 :]


def _check_sources(report: Report, environment: Mapping[str, str], *, fast: bool) -> None:
    checkout = report.checkout
    python = str(checkout.venv_python)
    commands = {
        "mypy": [python, "-m", "mypy"],
        "tables": product.manage(checkout=checkout, arguments=TABLES),
        **({} if fast else {"pyright": web.pyright(checkout=checkout)}),
        "ruff check": [python, "-m", "ruff", "check"],
        "ruff format": [python, "-m", "ruff", "format", "--check"],
        "import contracts": [python, "-P", "-c", LINT_IMPORTS, "--no-cache"],
        **{
            name: product.manage(checkout=checkout, arguments=arguments)
            for name, arguments in DJANGO_CHECKS.items()
        },
    }
    report.run_together(
        [
            Check(name=name, command=command, environment=environment)
            for name, command in commands.items()
        ]
    )


def _run_tests(
    report: Report, cluster: Cluster, environment: Mapping[str, str], arguments: Sequence[str]
) -> None:
    python = str(report.checkout.venv_python)
    # A worker with nothing left takes tests over from the other, which may have the long ones.
    together = (f"--numprocesses={WORKERS}", "--dist=worksteal", *LONG_TESTS_FIRST)
    command = [python, "-m", "pytest", *together, "--durations=25", *arguments]
    report.run(f"tests, {cluster.programs}", command, environment)


def _run_benchmarks_and_repeat(report: Report, var: Path, arguments: Sequence[str]) -> None:
    """Benchmarks, and what talks to the database once more, on the oldest there is."""
    oldest = _oldest_system()
    if oldest is None:
        report.run_together(_benchmarks(report.checkout, var))
        say(
            f"\n── The database tests were not repeated: no PostgreSQL {OLDEST_MAJOR} server "
            f"programs on this machine (Debian: postgresql-{OLDEST_MAJOR})."
        )
        return
    with temporary_cluster(kind="system", major=oldest.major) as cluster:
        environment = SHORT_SEARCHES | _environment(report.checkout, cluster, var)
        tables = Check(
            name=f"tables, {cluster.programs}",
            command=product.manage(checkout=report.checkout, arguments=TABLES),
            environment=environment,
        )
        report.run_together([tables, *_benchmarks(report.checkout, var)])
        only_database = ("-p", "santong_launcher.only_database_tests")
        _run_tests(report, cluster, environment, [*only_database, *arguments])


def _benchmarks(checkout: Checkout, var: Path) -> list[Check]:
    """In their short form: that they run, and that what has to be exact is exact.

    How fast they are is not asked here, so they may run side by side, and need not make the
    product's tables once more.
    """
    environment = product.machine_environment(checkout=checkout)
    return [
        Check(
            name=f"bench {name}",
            command=[*benchmarks.command_of(checkout=checkout, name=name), "--quick"],
            environment=environment | _prepared(var),
        )
        for name in benchmarks.names(checkout=checkout)
    ]


def _oldest_system() -> Programs | None:
    system = [found for found in postgres_programs.available() if found.kind == "system"]
    return min(system, key=lambda programs: programs.version, default=None)
