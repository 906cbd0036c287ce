"""`chaos`: money in a storm, with an installation of its own."""

from __future__ import annotations

import os
from collections.abc import Sequence

from santong_launcher import product
from santong_launcher.checkout import Checkout


def chaos(*, checkout: Checkout, arguments: Sequence[str]) -> int:
    """Let shoppers pay while everything is killed, and compare all books; 0 if they agree."""
    environment = product.machine_environment(checkout=checkout)
    environment["PYTHONPATH"] = os.pathsep.join([str(checkout.root / "src"), str(checkout.root)])
    command = [str(checkout.venv_python), "-P", "-m", "tests.crash.chaos", *arguments]
    return product.run_in_front(command=command, environment=environment)
