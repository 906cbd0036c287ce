"""A checkout with a stand-in for the product, and clusters that are gone after the test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from santong_launcher import web
from santong_launcher.checkout import Checkout, this_checkout
from santong_launcher.postgres import Cluster, temporary_cluster

STAND_IN = Path(__file__).with_name("stand_in") / "santong"
MINUTE = 60


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A throw-away cluster that keeps its promises (fsync on)."""
    with temporary_cluster(kind="wheel", fsync=True) as running:
        yield running


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A checkout whose product is the stand-in and whose packages are installed already."""
    return make_checkout(root=tmp_path / "checkout")


@pytest.fixture
def santong(checkout: Checkout) -> Iterator[Callable[..., "subprocess.CompletedProcess[str]"]]:
    """Runs `./santong …` in the stand-in's checkout; stops what it left running."""

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command(checkout, *arguments),
            env=environment(checkout),
            capture_output=True,
            text=True,
            timeout=2 * MINUTE,
            check=False,
        )

    yield run
    run("down")


def command(checkout: Checkout, *arguments: str) -> list[str]:
    """What the script hands over to, once the packages are installed."""
    return [sys.executable, "-P", "-m", "santong_launcher", *arguments]


def environment(checkout: Checkout) -> dict[str, str]:
    """The machine's environment without any installation's settings."""
    machine = {name: value for name, value in os.environ.items() if "SANTONG" not in name}
    machine.pop("DJANGO_SETTINGS_MODULE", None)
    return {**machine, "PYTHONPATH": str(checkout.root / "src"), "SANTONG_POSTGRES": "wheel"}


def make_checkout(*, root: Path) -> Checkout:
    """A launcher of its own, the stand-in beside it, and the web assets as if installed."""
    here = this_checkout()
    (root / "src").mkdir(parents=True)
    ignore = shutil.ignore_patterns("tests", "__pycache__")
    shutil.copytree(
        here.root / "src/santong_launcher", root / "src/santong_launcher", ignore=ignore
    )
    shutil.copytree(STAND_IN, root / "src/santong")
    shutil.copytree(here.root / "web", root / "web", ignore=shutil.ignore_patterns("node_modules"))
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (root / ".venv" / "pyvenv.cfg").symlink_to(Path(sys.prefix) / "pyvenv.cfg")
    (root / ".venv" / "lib").symlink_to(Path(sys.prefix) / "lib")
    checkout = Checkout(root=root)
    _put_web_assets(checkout)
    return checkout


def _put_web_assets(checkout: Checkout) -> None:
    for folder in (checkout.var / "web", web.vendor_folder(checkout=checkout)):
        folder.mkdir(parents=True)
    for name in web.VENDORED:
        (web.vendor_folder(checkout=checkout) / Path(name).name).write_text("// a library\n")
    for name in web.STAMPS:
        (checkout.var / "web" / name).write_text(web.stamp(checkout=checkout))
