"""`lock`: pin every package by version and hash, never by where it came from."""

import subprocess

from santong_launcher.checkout import Checkout
from santong_launcher.commands import LOCKS
from santong_launcher.problems import Problem
from santong_launcher.steps import Steps

SOURCES = {"runtime": "requirements.in", "dev": "requirements-dev.in"}
OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--universal",
    "--python-version=3.11",
)


def lock(*, checkout: Checkout) -> int:
    """Rewrite both locks; a version stays while its requirement allows it.

    Raises Problem when a set cannot be resolved.
    """
    steps = Steps(total=len(LOCKS))
    for kind, target in LOCKS.items():
        with steps.step(target):
            # The tools are resolved on top of what the product runs on, never beside it.
            beneath = [f"--constraints={LOCKS['runtime']}"] if kind == "dev" else []
            finished = subprocess.run(
                [
                    *(str(checkout.venv_python), "-m", "uv", "pip", "compile", *OPTIONS, *beneath),
                    *(f"--output-file={target}", SOURCES[kind]),
                ],
                cwd=checkout.root,
                capture_output=True,
                text=True,
                check=False,
            )
            if finished.returncode != 0:
                raise Problem(f"{SOURCES[kind]} cannot be resolved.\n{finished.stderr.strip()}")
    return 0
