import subprocess
import sys
from pathlib import Path

import pytest

from santong_launcher.checkout import Checkout, this_checkout
from santong_launcher.checks import Check, Report
from santong_launcher.tests.conftest import environment

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


@pytest.mark.parametrize("folder", ["security", "fuzz"])
def test_what_is_asked_over_http_is_not_repeated(folder: str, tmp_path: Path) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "test_some.py").write_text(TESTS)

    told = _repeated(tmp_path)

    assert "3 deselected" in told


def _repeated(folder: Path) -> str:
    """What pytest tells of the tests of a folder, with the plug-in."""
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", f"--rootdir={folder}"]
    ran = subprocess.run(
        [*command, "-p", "no:django", "-p", "santong_launcher.only_database_tests", folder],
        env=environment(this_checkout()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout
