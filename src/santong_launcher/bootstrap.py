"""The first thing `./santong` runs, with any Python: make `.venv`, then hand over to it.

Only the standard library is here, because nothing else is installed yet.
"""

import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

from santong_launcher import commands
from santong_launcher.checkout import Checkout, exclusive, this_checkout
from santong_launcher.problems import Problem
from santong_launcher.steps import Step, Steps, say


def main() -> None:
    """Hand over to the pinned environment, which is made or renewed first where needed."""
    arguments = sys.argv[1:]
    name = arguments[0] if arguments else "help"
    checkout = this_checkout()
    try:
        command = commands.find(name=name)
        if command.needs is None:
            commands.explain(name=name)
            return
        if command.needs == "installed" and not checkout.venv_python.exists():
            say("Nothing has been set up here, so nothing runs.")
            return
        if command.needs != "installed":
            ensure_packages(checkout=checkout, kind=command.needs, steps=Steps(total=command.steps))
    except Problem as problem:
        raise SystemExit(f"santong: {problem}") from None
    except PermissionError as reason:
        raise SystemExit(f"santong: {reason}. Whose checkout is this?") from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    python = str(checkout.venv_python)
    os.execv(python, [python, "-P", "-m", "santong_launcher", *arguments])  # noqa: S606 - hand over


def ensure_packages(*, checkout: Checkout, kind: str, steps: Steps) -> None:
    """Install the lock's packages into `.venv`, unless its stamp says they are there.

    Raises Problem with the end of pip's log.
    """
    with exclusive(path=checkout.run / "packages.lock", wait=True):
        lock = checkout.root / commands.LOCKS[kind]
        if _is_stamped(checkout, kind):
            return
        with steps.step("Python packages") as step:
            if not _is_usable(checkout):
                step.note = "new environment"
                _make_venv(checkout)
            # Half an installation is neither the old lock's nor the new one's.
            _stamp_path(checkout, kind).unlink(missing_ok=True)
            _install(checkout, lock=lock, step=step)
            _put_sources_on_path(checkout)
            _stamp_path(checkout, kind).write_text(_stamp(lock))
            step.note = ""


def _is_stamped(checkout: Checkout, kind: str) -> bool:
    stamp = _stamp_path(checkout, kind)
    lock = checkout.root / commands.LOCKS[kind]
    try:
        return stamp.read_text() == _stamp(lock) and _is_usable(checkout)
    except FileNotFoundError:
        return False


def _stamp_path(checkout: Checkout, kind: str) -> Path:
    return checkout.root / ".venv" / f"santong-{kind}.stamp"


def _stamp(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


def _is_usable(checkout: Checkout) -> bool:
    """An interpreter that moved or was upgraded leaves its environments behind, broken."""
    python = checkout.venv_python
    if not os.access(python, os.X_OK):
        return False
    if Path(sys.prefix) == checkout.root / ".venv":
        return True
    probe = "import pip, sys; print(sys.version_info >= (3, 11))"
    answer = subprocess.run([python, "-c", probe], capture_output=True, text=True, check=False)
    return answer.stdout.strip() == "True"


def _make_venv(checkout: Checkout) -> None:
    venv = checkout.root / ".venv"
    shutil.rmtree(venv, ignore_errors=True)
    _run_logged(checkout, [_base_python(), "-m", "venv", str(venv)], step=None)


def _base_python() -> str:
    """Not an environment's link to it, which is removed before the new one is made."""
    return str(getattr(sys, "_base_executable", sys.executable))


def _install(checkout: Checkout, *, lock: Path, step: Step) -> None:
    _run_logged(
        checkout,
        [
            *(str(checkout.venv_python), "-m", "pip", "install", "--require-hashes", "--no-deps"),
            *("--disable-pip-version-check", "--no-input", "--progress-bar=off"),
            f"--requirement={lock}",
        ],
        step=step,
    )


def _put_sources_on_path(checkout: Checkout) -> None:
    """So that editors and plain `.venv/bin/python` find the product, wherever the checkout is."""
    version = ".".join(platform.python_version_tuple()[:2])
    for packages in (checkout.root / ".venv" / "lib").glob(f"python{version}/site-packages"):
        (packages / "santong.pth").write_text("../../../../src\n")


def _run_logged(checkout: Checkout, command: list[str], *, step: Step | None) -> None:
    log = checkout.log("setup")
    log.parent.mkdir(parents=True, exist_ok=True)
    # Root's packages must be readable for the user that the database server runs under.
    with (
        log.open("w") as written,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, umask=0o022
        ) as running,
    ):
        assert running.stdout is not None
        for line in running.stdout:
            written.write(line)
            if step and line.startswith("Collecting "):
                step.note = line.removeprefix("Collecting ").split(" ", 1)[0].strip()
    if running.returncode != 0:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
        raise Problem(f"the Python packages could not be installed.\n{end}\nThe whole log: {log}")


if __name__ == "__main__":
    main()
