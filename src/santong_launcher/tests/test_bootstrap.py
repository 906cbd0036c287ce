import shutil
import subprocess
from pathlib import Path

import pytest

from santong_launcher.bootstrap import ensure_packages
from santong_launcher.checkout import Checkout, this_checkout
from santong_launcher.problems import Problem
from santong_launcher.steps import Steps

NOTHING = "# nothing to install\n"
UNKNOWN = "no-such-package==1.0 --hash=sha256:" + 64 * "0" + "\n"


@pytest.fixture(autouse=True)
def no_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing can be fetched, so nothing here depends on the network."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout that needs no packages, after its first start; made once, because it is slow."""
    root = tmp_path_factory.mktemp("first") / "checkout"
    root.mkdir()
    (root / "src").symlink_to(this_checkout().root / "src")
    (root / "requirements.lock").write_text(NOTHING)
    checkout = Checkout(root=root)
    ensure_packages(checkout=checkout, kind="runtime", steps=Steps(total=1))
    return checkout


@pytest.fixture
def checkout(first_start: Checkout, tmp_path: Path) -> Checkout:
    """The same, for one test to spoil."""
    return Checkout(root=shutil.copytree(first_start.root, tmp_path / "checkout", symlinks=True))


def ensure(checkout: Checkout) -> int:
    """Installs what is missing; how many steps that took."""
    steps = Steps(total=1)
    ensure_packages(checkout=checkout, kind="runtime", steps=steps)
    return steps.done


def finds_sources(checkout: Checkout) -> bool:
    program = "import santong_launcher"
    finished = subprocess.run(
        [checkout.venv_python, "-c", program], env={}, capture_output=True, check=False
    )
    return finished.returncode == 0


def test_makes_an_environment_that_finds_the_sources(first_start: Checkout) -> None:
    assert finds_sources(first_start)


def test_installs_nothing_the_second_time(checkout: Checkout) -> None:
    steps = ensure(checkout)

    assert steps == 0


def test_installs_again_when_the_lock_has_changed(checkout: Checkout) -> None:
    (checkout.root / "requirements.lock").write_text(NOTHING + NOTHING)

    steps = ensure(checkout)

    assert steps == 1


def test_makes_the_environment_anew_when_its_python_is_gone(checkout: Checkout) -> None:
    checkout.venv_python.unlink()
    checkout.venv_python.symlink_to("/python/that/was/upgraded")

    steps = ensure(checkout)

    assert steps == 1
    assert finds_sources(checkout)


def test_a_failed_installation_shows_its_log_and_is_tried_again(checkout: Checkout) -> None:
    (checkout.root / "requirements.lock").write_text(UNKNOWN)
    with pytest.raises(Problem, match=r"no-such-package[\s\S]*setup\.log"):
        ensure(checkout)

    (checkout.root / "requirements.lock").write_text(NOTHING)
    steps = ensure(checkout)

    assert steps == 1
