from __future__ import annotations

import signal
import threading
import time
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection

from santong.kernel import cells
from santong.kernel.relay import relay_once
from santong.kernel.settled import settle

log = structlog.get_logger(__name__)

SHORTEST_PAUSE = 0.05
LONGEST_PAUSE = 1.0


class Command(BaseCommand):
    """Tells facts to their subscribers until it is stopped."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="tell what is there, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        settle()
        pause = SHORTEST_PAUSE
        while not stop.is_set():
            taken = _tell_all()
            if options["once"] and taken == 0:
                return
            pause = SHORTEST_PAUSE if taken else min(pause * 1.5, LONGEST_PAUSE)
            if not taken:
                stop.wait(pause)


def _tell_all() -> int:
    """One round over the cells. A lost database is waited for, not died of."""
    try:
        return sum(relay_once(cell=cell) for cell in cells.all_cells())
    except DatabaseError as failure:
        log.warning("relay_waits_for_database", error=str(failure))
        connection.close()
        time.sleep(LONGEST_PAUSE)
        return 0
