import subprocess

import pytest

from santong_launcher import commands
from santong_launcher.checkout import Checkout
from santong_launcher.problems import Problem
from santong_launcher.tests.conftest import command, environment


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    commands.explain(name="help")

    told = capsys.readouterr().out
    assert [
        known.name for known in commands.COMMANDS if f"./santong {known.name}" not in told
    ] == []


@pytest.mark.parametrize("word", ["-h", "--help", "help"])
def test_help_is_found_by_any_name(word: str) -> None:
    assert commands.find(name=word).name == "help"


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(Problem, match="no command 'fly'"):
        commands.find(name="fly")


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ([], 0, "slow\n"),
        (["slow", "--json"], 3, "measured ['--json']\n"),
        (["fast"], 1, ""),
    ],
)
def test_bench(arguments: list[str], status: int, told: str, checkout: Checkout) -> None:
    folder = checkout.root / "benchmarks"
    folder.mkdir()
    (folder / "_load.py").write_text("word = 'measured'")
    program = "import sys; from _load import word; print(word, sys.argv[1:]); raise SystemExit(3)"
    (folder / "slow.py").write_text(program)

    ran = subprocess.run(
        command(checkout, "bench", *arguments),
        env=environment(checkout),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (status, told)


def test_chaos_hands_over_what_it_is_told(checkout: Checkout) -> None:
    folder = checkout.root / "tests" / "crash"
    folder.mkdir(parents=True)
    for package in (folder.parent, folder):
        (package / "__init__.py").touch()
    (folder / "chaos.py").write_text("import sys; print(sys.argv[1:]); raise SystemExit(4)")

    ran = subprocess.run(
        command(checkout, "chaos", "--orders", "7"),
        env=environment(checkout),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stdout) == (4, "['--orders', '7']\n")
