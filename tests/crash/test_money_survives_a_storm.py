"""Shoppers pay, return and complain at a stormy provider while server, worker and relay are killed.

Afterwards every book says the same to the minor unit, and the doctor finds nothing. The seed is
printed with every failure; `SANTONG_STORM_ORDERS` and `SANTONG_CRASH_SEED` make larger and other
storms, `./santong chaos` the large one.
"""

from __future__ import annotations

import os
from pathlib import Path

from tests.crash.installation import installed
from tests.crash.money_storm import Storm, disagreements, examined, rage, truth

ORDERS = int(os.environ.get("SANTONG_STORM_ORDERS", "16"))
SEED = int(os.environ.get("SANTONG_CRASH_SEED", "20261122"))
PATIENCE_SECONDS = 300.0


def test_after_a_storm_every_book_says_the_same_to_the_minor_unit(tmp_path: Path) -> None:
    storm = Storm(orders=ORDERS, shoppers=2, seed=SEED)
    with installed(tmp_path, world="tests.crash.money_world", seed=SEED) as (shop, merchant):
        did = rage(shop, merchant, storm, tell=lambda _done, _of: None)
        found = truth(shop, seconds=PATIENCE_SECONDS)
        doctor = examined(shop)

    about = f"seed {SEED}: {did}, {found['figures']}"
    assert did["failures"] == [], about
    assert disagreements(found) == [], about
    assert doctor.returncode == 0, (about, doctor.stdout, doctor.stderr[-2000:])
    assert found["figures"]["orders"] == ORDERS, about
    assert found["figures"]["payments"] > ORDERS, about
    assert found["figures"]["refunds"] > 0, about
    assert sum(did["killed"].values()) > 0, about
