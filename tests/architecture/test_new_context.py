"""`./santong new-context NAME` writes a context that keeps every rule from its first minute."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from santong.kernel.lint import layers
from santong_launcher.checkout import Checkout
from santong_launcher.new_context import new_context
from santong_launcher.problems import Problem

LINT_IMPORTS = "from importlinter.cli import lint_imports_command as c; c()"


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Checkout:
    """The product's sources, to be changed at will."""
    shutil.copytree(root / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", tmp_path)
    return Checkout(root=tmp_path)


def test_the_skeleton_keeps_the_import_rules(copy: Checkout) -> None:
    new_context(checkout=copy, arguments=["rental", "--below", "orders"])

    report = run(copy, "-P", "-c", LINT_IMPORTS, "--no-cache")
    assert "Contexts call downwards" in report.stdout
    assert "rental" not in report.stdout


def test_the_skeleton_pleases_the_linter(copy: Checkout) -> None:
    new_context(checkout=copy, arguments=["rental"])

    folder = "src/santong/rental"
    checked = run(copy, "-m", "ruff", "check", "--no-cache", folder)
    formatted = run(copy, "-m", "ruff", "format", "--no-cache", "--check", folder)
    assert checked.returncode == 0, checked.stdout
    assert formatted.returncode == 0, formatted.stdout


def test_the_context_stands_just_below_the_one_that_is_named(copy: Checkout) -> None:
    new_context(checkout=copy, arguments=["rental", "--below", "orders"])

    height = layers.height_by_context(copy.root / "pyproject.toml")
    assert height["orders"] == height["rental"] + 1
    assert height["rental"] == height["benefits"] + 1


def test_the_context_is_installed_and_has_its_page(copy: Checkout) -> None:
    new_context(checkout=copy, arguments=["rental"])

    settings = (copy.root / "src/santong/config/settings.py").read_text()
    page = (copy.root / "src/santong/rental/README.md").read_text()
    assert settings.count('"santong.rental"') == 1
    assert page.startswith("# Rental")


@pytest.mark.parametrize("name", ["orders", "Loyalty", "order_lines", "../escape", ""])
def test_a_name_that_is_taken_or_no_word_is_refused(name: str, copy: Checkout) -> None:
    before = (copy.root / "pyproject.toml").read_text()

    with pytest.raises(Problem):
        new_context(checkout=copy, arguments=[name])

    assert (copy.root / "pyproject.toml").read_text() == before


def test_a_place_below_nobody_is_refused_before_anything_is_written(copy: Checkout) -> None:
    with pytest.raises(Problem):
        new_context(checkout=copy, arguments=["rental", "--below", "nobody"])

    assert not (copy.root / "src/santong/rental").exists()


def run(copy: Checkout, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  (our own interpreter, our own files)
        [sys.executable, *arguments],
        cwd=copy.root,
        env={**os.environ, "PYTHONPATH": str(copy.root / "src"), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
