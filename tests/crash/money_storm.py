"""Money in a storm: shoppers pay over HTTP while server, worker and relay are killed at random."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.crash.installation import Installation
from tests.crash.shoppers import Shopper

PARTS = ("server", "worker", "relay")
LONGEST_BREATH = 12.0

Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """How much of it, and how bad."""

    orders: int
    shoppers: int = 4
    seed: int = 1
    # How long between two kills: as long as the site took to come up, times something up to this.
    longest_calm: float = 3.0


def rage(
    installation: Installation, merchant: dict[str, Any], storm: Storm, *, tell: Tell
) -> dict[str, Any]:
    """Let shoppers shop and everything be killed, until the last has paid; what they did.

    An interrupt ends it early: no further order is begun.
    """
    for part in PARTS:
        installation.start(part)
    began = time.monotonic()
    installation.wait_until_ready()
    breath = min(max(time.monotonic() - began, 1.0), LONGEST_BREATH)
    numbers, is_over = itertools.count(1), threading.Event()

    def next_number() -> int | None:
        number = next(numbers)
        return None if is_over.is_set() or number > storm.orders else number

    shoppers = [
        Shopper(
            port=installation.port,
            token=merchant["token"],
            skus=merchant["skus"],
            seed=storm.seed,
            next_number=next_number,
        )
        for _ in range(storm.shoppers)
    ]
    for shopper in shoppers:
        shopper.start()
    killed = _kill_while_they_live(installation, shoppers, storm, breath, is_over, tell)
    did: Counter[str] = Counter()
    for shopper in shoppers:
        did.update(shopper.did)
    return {
        "killed": killed,
        "did": dict(did),
        "retries": sum(shopper.line.retries for shopper in shoppers),
        "failures": [shopper.failure for shopper in shoppers if shopper.failure],
    }


def truth(installation: Installation, *, seconds: float) -> dict[str, Any]:
    """What is true once the storm is over: the server still hears, nobody is killed any more."""
    for part in ("worker", "relay"):
        installation.kill(part)
    looked = installation.run("-m", "tests.crash.money_truth", seconds=seconds)
    assert looked.returncode == 0, looked.stderr[-4000:]
    found: dict[str, Any] = json.loads(looked.stdout.splitlines()[-1])
    return found


def examined(installation: Installation) -> subprocess.CompletedProcess[str]:
    """What the doctor says."""
    return installation.run("-m", "santong", "doctor", seconds=900)


def disagreements(found: dict[str, Any]) -> list[str]:
    """Whatever is not as it must be, to the minor unit."""
    said = [*found["orders"][:20], *found["shares"][:20]]
    said += [f"{count} {name} are left" for name, count in found["left"].items()]
    for code, sums in found["accounts"].items():
        if not sums["movements"] == sums["ledger"] == sums["theirs"] or sums["differences"]:
            said.append(f"{code}: {sums}")
        if sums["unexplained"]:
            said.append(f"{code}: {sums['unexplained']} of a difference are not explained")
    return said


def _kill_while_they_live(  # noqa: PLR0917  one loop's world
    installation: Installation,
    shoppers: list[Shopper],
    storm: Storm,
    breath: float,
    is_over: threading.Event,
    tell: Tell,
) -> dict[str, int]:
    """A part that has only come up is not killed again: nothing would ever be done."""
    chance = random.Random(storm.seed)
    killed = dict.fromkeys(PARTS, 0)
    while any(shopper.is_alive() for shopper in shoppers):
        try:
            _wait(shoppers, breath * chance.uniform(0.5, storm.longest_calm))
            tell(sum(shopper.did["orders"] for shopper in shoppers), storm.orders)
            part = chance.choice(PARTS)
            installation.kill(part)
            killed[part] += 1
            time.sleep(chance.uniform(0, 0.3))
            installation.start(part)
            if part == "server":
                installation.wait_until_ready()
        except KeyboardInterrupt:
            is_over.set()
    return killed


def _wait(shoppers: list[Shopper], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(shopper.is_alive() for shopper in shoppers):
        time.sleep(0.1)
