import subprocess
import sys
from pathlib import Path

import pytest

from santong_launcher.checkout import Checkout, this_checkout
from santong_launcher.checks import Check, Report
from santong_launcher.only_database_tests import MAKES_A_CELL
from santong_launcher.tests.conftest import environment

MERCHANTS = this_checkout().root / "src" / "santong" / "merchants" / "tests"

TESTS = """
import pytest

@pytest.fixture
def database(): ...

@pytest.fixture
def merchant(database): ...

def test_asks_directly(database): ...

def test_asks_through_another(merchant): ...

def test_asks_for_nothing(): ...
"""


def test_every_check_runs_and_the_first_failure_is_the_answer(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = Report(checkout=Checkout(root=tmp_path))

    for name, status in {"fine": 0, "bad": 3, "worse": 4}.items():
        program = f"print('{name} it was'); raise SystemExit({status})"
        report.run(name, [sys.executable, "-c", program], {})
    answer = report.summary()

    told = capfd.readouterr().out
    summary = told.partition("Summary")[2]
    assert answer == 3
    assert [line.split()[0] for line in summary.splitlines() if line] == ["ok", "FAILED", "FAILED"]
    assert "worse it was" in summary


def test_checks_that_run_together_are_told_whole_and_in_order(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    report = Report(checkout=Checkout(root=tmp_path))
    programs = {
        "slow": "import time; print('s1', flush=True); time.sleep(0.5); print('s2')",
        "bad": "print('b1'); print('b2'); raise SystemExit(5)",
        "fine": "print('f1')",
    }

    report.run_together(
        [
            Check(name=name, command=[sys.executable, "-c", program], environment={})
            for name, program in programs.items()
        ]
    )
    answer = report.summary()

    told, _, summary = capfd.readouterr().out.partition("── Summary")
    assert told.split() == ["──", "slow", "s1", "s2", "──", "bad", "b1", "b2", "──", "fine", "f1"]
    assert [line.split()[:2] for line in summary.splitlines() if line] == [
        ["ok", "slow"],
        ["FAILED", "bad"],
        ["ok", "fine"],
    ]
    assert answer == 5


@pytest.mark.parametrize(
    ("tests", "told"),
    [(TESTS, "2 passed, 1 deselected"), ("def test_asks_for_nothing(): ...", "1 deselected")],
)
def test_only_what_asks_for_the_database_is_repeated(tests: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(tests)

    assert told in _repeated(tmp_path)


@pytest.mark.parametrize("folder", ["pages", "security", "fuzz"])
def test_what_is_asked_over_http_is_not_even_read(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "test_some.py").write_text("raise SystemExit")
    (tmp_path / "test_other.py").write_text(TESTS)

    told = _repeated(tmp_path)

    assert "2 passed, 1 deselected" in told


def test_a_cell_that_was_made_before_is_not_made_again(tmp_path: Path) -> None:
    makes_a_cell = TESTS.replace("test_asks_directly", MAKES_A_CELL)
    (tmp_path / "test_some.py").write_text(makes_a_cell)
    product = "\n".join(path.read_text() for path in MERCHANTS.glob("test_*.py"))

    told = _repeated(tmp_path)

    assert f"def {MAKES_A_CELL}(" in product
    assert "1 passed, 2 deselected" in told


def test_each_of_two_workers_begins_with_long_tests(tmp_path: Path) -> None:
    for folder in ("src/some", "tests/crash", "tests/pages", "tests/some"):
        (tmp_path / folder).mkdir(parents=True)
        for number in range(2):
            (tmp_path / folder / f"test_{number}.py").write_text(f"def test_{number}(): ...")

    told = _told(tmp_path, "--collect-only", "-p", "santong_launcher.long_tests_first")

    assert [line.rpartition("/")[0] for line in told.splitlines()[:8]] == [
        *("tests/crash", "tests/crash", "src/some", "src/some"),
        *("tests/pages", "tests/pages", "tests/some", "tests/some"),
    ]


def _repeated(folder: Path) -> str:
    """What pytest tells of the tests of a folder, with the plug-in."""
    return _told(folder, "-p", "santong_launcher.only_database_tests")


def _told(folder: Path, *options: str) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", "--import-mode=importlib"]
    ran = subprocess.run(
        [*command, f"--rootdir={folder}", "-p", "no:django", *options, folder],
        env=environment(this_checkout()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
