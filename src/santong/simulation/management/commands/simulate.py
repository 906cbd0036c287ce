from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from santong.fulfilment import public as fulfilment
from santong.kernel import cells, relay, tenancy
from santong.simulation.contracts import Crew, Worked
from santong.simulation.rules.demo.group import MERCHANT_CODE
from santong.simulation.services.find_crew import find_crew
from santong.simulation.services.work_due import work_due


class Command(BaseCommand):
    """Lets a merchant's stores, buyers and carriers work, until ctrl-C.

    Stores accept or decline what they are offered, pick, pack and hand over; buyers collect; the
    simulated carrier drives. Work that a person does in the console is left alone.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", default=MERCHANT_CODE, metavar="CODE")
        parser.add_argument(
            "--speed", type=int, default=60, help="60 makes an hour of work a minute (default)"
        )
        parser.add_argument("--every", type=float, default=5.0, metavar="SECONDS")
        parser.add_argument("--seconds", type=float, help="stop after so long")
        parser.add_argument("--seed", type=int, default=7)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["speed"] < 1:
            raise CommandError("--speed is 1 or more.")
        try:
            merchant_id = cells.merchant_by_code(options["merchant"]).merchant_id
        except cells.UnknownMerchant:
            raise CommandError(f"There is no merchant {options['merchant']}.") from None
        crew = find_crew(merchant_id=merchant_id, seed=options["seed"])
        console = Console()
        ends = time.monotonic() + options["seconds"] if options["seconds"] else None
        try:
            while ends is None or time.monotonic() < ends:
                worked, events = _round(merchant_id, crew, options["speed"])
                console.print(_told(worked, events))
                time.sleep(options["every"])
        except KeyboardInterrupt:
            return


def _round(merchant_id: int, crew: Crew, speed: int) -> tuple[Worked, int]:
    relay.drain(cell=cells.cell_of(merchant_id))
    worked = work_due(merchant_id=merchant_id, crew=crew, speed=speed, now=datetime.now(UTC))
    with tenancy.scope(merchant_id=merchant_id):
        events = fulfilment.advance_simulated_carrier(
            merchant_id=merchant_id, now=datetime.now(UTC), scale=speed
        )
    return worked, events


def _told(worked: Worked, events: int) -> str:
    return (
        f"{datetime.now(UTC):%H:%M:%S}  接单 accepted {worked.accepted:,} · "
        f"拒单 declined {sum(worked.declined.values()):,} · 交运 handed over "
        f"{worked.handed_over:,} · 自提 collected {worked.collected:,} · 物流 carrier {events:,}"
    )
