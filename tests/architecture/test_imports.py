"""The import contracts of pyproject.toml hold, and each of them catches what it is there for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from santong.kernel.lint import layers

ROOT = Path(__file__).resolve().parents[2]

WELL_BEHAVED = {
    "config/api.py": "from santong.orders import api\nfrom santong.stores import urls\n",
    "orders/public.py": "from santong.orders.services.place import place\n",
    "orders/api.py": "from santong.orders.services.place import place\n",
    "orders/services/place.py": (
        "from santong.catalog import public as catalog\n"
        "from santong.kernel import money\n"
        "from santong.orders.models import Order\n"
    ),
    "orders/models.py": "from django.db import models\nfrom santong.orders.rules import totals\n",
    "orders/rules/totals.py": "from santong.kernel import money\n",
    "orders/events.py": "from santong.kernel import money\n",
    "orders/tests/test_place.py": "from santong.catalog.tests import factories\n",
    "catalog/public.py": "",
    "catalog/events.py": "",
    "catalog/models.py": "",
    "catalog/subscribers.py": "from santong.orders.events import OrderPlaced\n",
    "catalog/tests/factories.py": "",
    "stores/public.py": "",
    "stores/urls.py": "",
    "stores/contracts.py": "",
    "stores/services/open.py": "",
    "kernel/money.py": "",
}


class Planted(NamedTuple):
    name: str
    contract: str
    module: str
    source: str


PLANTED = [
    Planted(
        "a call upwards",
        "Contexts call downwards",
        "catalog/selectors.py",
        "from santong.orders import public",
    ),
    Planted(
        "a call between neighbours",
        "Contexts call downwards",
        "catalog/selectors.py",
        "from santong.stores import public",
    ),
    Planted(
        "the kernel knows a context",
        "Contexts call downwards",
        "kernel/money.py",
        "from santong.catalog import public",
    ),
    Planted(
        "a context that is not in the list",
        "Contexts call downwards",
        "loyalty/public.py",
        "",
    ),
    Planted(
        "another context's model",
        "Contexts meet at the door",
        "orders/selectors.py",
        "from santong.catalog.models import Sku",
    ),
    Planted(
        "another context as a whole",
        "Contexts meet at the door",
        "orders/selectors.py",
        "import santong.catalog",
    ),
    Planted(
        "another context's test factories outside a test",
        "Contexts meet at the door",
        "orders/selectors.py",
        "from santong.catalog.tests.factories import make_sku",
    ),
    Planted(
        "another context's model in a test",
        "Contexts meet at the door",
        "orders/tests/test_orders.py",
        "from santong.catalog import models",
    ),
    Planted(
        "the wiring reaches past the entry points",
        "Contexts meet at the door",
        "config/urls.py",
        "from santong.orders import models",
    ),
    Planted(
        "a selector that calls a service",
        "Inside a context",
        "orders/selectors.py",
        "from santong.orders.services import place",
    ),
    Planted(
        "an entry point that imports another",
        "Inside a context",
        "orders/jobs.py",
        "from santong.orders import api",
    ),
    Planted(
        "a module without a meaning",
        "Inside a context",
        "orders/utils.py",
        "",
    ),
    Planted(
        "a rule that knows Django",
        "Rules and messages know neither Django nor the network",
        "orders/rules/totals.py",
        "from django.db import models",
    ),
    Planted(
        "a rule below a rule that opens a socket",
        "Rules and messages know neither Django nor the network",
        "orders/rules/discounts/member.py",
        "import socket",
    ),
    Planted(
        "a fact that knows Django",
        "Rules and messages know neither Django nor the network",
        "orders/events.py",
        "from django.utils import timezone",
    ),
    Planted(
        "the product calls its launcher",
        "The product does not know its launcher",
        "kernel/money.py",
        "import santong_launcher",
    ),
]


def test_every_import_contract_is_kept() -> None:
    report = _lint_imports(ROOT)

    assert report.returncode == 0, report.stdout + report.stderr


def test_a_well_behaved_product_is_left_alone(tmp_path: Path) -> None:
    _plant(tmp_path, WELL_BEHAVED)

    report = _lint_imports(tmp_path)

    assert report.returncode == 0, report.stdout + report.stderr
    assert "5 kept, 0 broken" in report.stdout


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.name)
def test_a_planted_import_breaks_its_contract(planted: Planted, tmp_path: Path) -> None:
    _plant(tmp_path, WELL_BEHAVED | {planted.module: planted.source + "\n"})

    report = _lint_imports(tmp_path)

    assert report.returncode == 1, report.stdout + report.stderr
    assert f"{planted.contract} BROKEN" in report.stdout


def _plant(root: Path, sources: dict[str, str]) -> None:
    """A small product under the project's own contracts."""
    shutil.copy(ROOT / "pyproject.toml", root)
    package = root / "src" / "santong"
    shutil.copytree(ROOT / "src/santong/kernel/lint", package / "kernel" / "lint")
    (root / "src" / "santong_launcher").mkdir()
    (root / "src" / "santong_launcher" / "__init__.py").touch()
    contexts = layers.height_by_context(ROOT / "pyproject.toml")
    for name, source in ({f"{each}/__init__.py": "" for each in contexts} | sources).items():
        module = package / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(source)
    for folder in [package, *(path for path in package.rglob("*") if path.is_dir())]:
        (folder / "__init__.py").touch()


def _lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as c; c()",
            "--no-cache",
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
