"""`./santong chaos`: the storm in its long form, with an installation of its own.

    ./santong chaos                     ten thousand payments, three thousand refunds
    ./santong chaos --orders 200        a smaller one

It shows how far it is. Ctrl-C ends the storm early and looks at what there is by then. The exit
status is 0 if every book says the same.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.crash.installation import installed
from tests.crash.money_storm import Storm, disagreements, examined, rage, truth

# An order is paid in 1.7 parts, and a third of the orders gives something back.
ORDERS = 6_000
ON_A_TERMINAL = "\r"


def main() -> int:
    """Run it, and say what was found."""
    asked = _asked()
    os.environ["SANTONG_CALM_SECONDS"] = str(asked.calm_seconds)
    storm = Storm(orders=asked.orders, seed=asked.seed, longest_calm=asked.longest_calm)
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="santong-chaos-") as folder,
        installed(Path(folder), world="tests.crash.money_world", seed=asked.seed) as (
            installation,
            merchant,
        ),
    ):
        _say(f"seed {storm.seed}; {installation.folder}")
        ready = time.monotonic()
        did = rage(installation, merchant, storm, tell=_progress)
        stormed = time.monotonic()
        _say("\nthe storm is over; everything is seen to its end and compared")
        found = truth(installation, seconds=asked.calm_seconds + 600)
        looked = time.monotonic()
        doctor = examined(installation)
    report = {
        "seed": storm.seed,
        **did,
        **found["figures"],
        "accounts": found["accounts"],
        "doctor": doctor.stdout.strip() or doctor.stderr[-2000:],
        "seconds": {
            "installed": round(ready - began),
            "storm": round(stormed - ready),
            "calm": round(looked - stormed),
            "in all": round(time.monotonic() - began),
        },
        "disagreements": [*disagreements(found), *did["failures"]],
    }
    _say(json.dumps(report, indent=2, ensure_ascii=False))
    return 1 if report["disagreements"] or doctor.returncode else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./santong chaos", description=__doc__)
    parser.add_argument("--orders", type=int, default=ORDERS)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--longest-calm", type=float, default=6.0, metavar="TIMES")
    parser.add_argument("--calm-seconds", type=float, default=900.0, metavar="SECONDS")
    return parser.parse_args()


def _progress(done: int, of: int) -> None:
    end = ON_A_TERMINAL if sys.stdout.isatty() else "\n"
    sys.stdout.write(f"{done} of {of} orders ({100 * done // of} %){end}")
    sys.stdout.flush()


def _say(text: Any) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
