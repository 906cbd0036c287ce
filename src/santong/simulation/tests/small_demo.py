"""A small demo with all its money and service, and what comes of it in its first minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.test import override_settings

from santong.kernel import cells, relay
from santong.payments import public as payments
from santong.simulation.contracts import Progress
from santong.simulation.rules.demo.shape import DemoMerchant
from santong.simulation.services.load_demo_merchant import Loaded, load_demo_merchant

# Providers go by the time that it is: so does what is loaded of them.
NOW = datetime.now(UTC)
# Above every id.
ALL = 2**62


def clock() -> datetime:
    return datetime.now(UTC)


def in_five_minutes() -> datetime:
    return clock() + timedelta(minutes=5)


def silent(_title: str, _total: int) -> Progress:
    return lambda _done: None


def load(demo: DemoMerchant) -> Loaded:
    with override_settings(SANTONG_PUBLIC_URL="http://127.0.0.1:9"):
        return load_demo_merchant(
            demo=demo, seed=7, password="klar-wie-2-monde", now=NOW, bars=silent, clock=clock
        )


def let_all_hear(merchant_id: int) -> None:
    """What relay and worker do in the first minute: facts are heard, money goes back."""
    for later in (clock, in_five_minutes):
        relay.drain(cell=cells.cell_of(merchant_id), wait_seconds=120)
        payments.work_through(merchant_id=merchant_id, clock=later)
    relay.drain(cell=cells.cell_of(merchant_id), wait_seconds=120)
