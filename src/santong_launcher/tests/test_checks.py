import subprocess
import sys
from pathlib import Path

import pytest

from santong_launcher.checkout import Checkout, this_checkout
from santong_launcher.checks import Report
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


@pytest.mark.parametrize(
    ("tests", "told"),
    [(TESTS, "2 passed, 1 deselected"), ("def test_asks_for_nothing(): ...", "1 deselected")],
)
def test_only_what_asks_for_the_database_is_repeated(tests: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(tests)
    command = [sys.executable, "-m", "pytest", "-q", "-c", "/dev/null", f"--rootdir={tmp_path}"]

    ran = subprocess.run(
        [*command, "-p", "no:django", "-p", "santong_launcher.only_database_tests", tmp_path],
        env=environment(this_checkout()),
        capture_output=True,
        text=True,
        check=False,
    )

    assert told in ran.stdout, ran.stdout + ran.stderr
    assert ran.returncode == 0
