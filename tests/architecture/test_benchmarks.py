"""A benchmark may be slow; it may not be wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARK = """
from _report import Report
report = Report.begin(bench="till", about="A till.")
report.figure("sold_of_50", {sold}, aim="= 50")
report.figure("sales_per_s", 1.5, aim="≥ 1,000")
report.end()
"""


@pytest.mark.parametrize(
    ("sold", "status", "told"),
    [(50, 0, ""), (49, 1, "not exact: sold_of_50"), (None, 1, "not exact: sold_of_50")],
)
@pytest.mark.parametrize("form", ["--quick", "--json"])
def test_only_what_has_to_be_exact_fails_it(
    root: Path, form: str, sold: int | None, status: int, told: str
) -> None:
    ran = subprocess.run(  # noqa: S603  our own interpreter, our own words
        [sys.executable, "-c", BENCHMARK.format(sold=sold), form],
        env={"PYTHONPATH": str(root / "benchmarks")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == status
    assert told in ran.stderr
    assert "sales_per_s" in ran.stdout
