from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params

from santong.kernel import cells


class Command(BaseCommand):
    """Runs the scheduled and queued jobs of every cell until it is stopped."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2)
        parser.add_argument("--cell", metavar="NAME", help="only this cell's jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        every = [cell for cell in cells.all_cells() if options["cell"] in {None, cell.name}]
        if len(every) == 1:
            asyncio.run(_work_cell(every[0], options["concurrency"]))
        else:
            _work_in_processes(every, options["concurrency"])


async def _work_cell(cell: cells.Cell, concurrency: int) -> None:
    """One worker a cell: its jobs commit with the cell's own rows."""
    params = connector_params()
    params["options"] = f"{params.get('options', '')} -c search_path={cell.schema},public"
    connector = PsycopgConnector(min_size=1, max_size=concurrency + 2, kwargs=params)
    # Tasks reach their queue through the one app, so its connector itself must be the cell's.
    with app.replace_connector(connector) as cell_app:
        async with cell_app.open_async():
            await cell_app.run_worker_async(
                concurrency=concurrency,
                wait=True,
                additional_context={"cell": cell},
                install_signal_handlers=True,
                delete_jobs="successful",
            )


def _work_in_processes(every: list[cells.Cell], concurrency: int) -> None:
    """One app has one connector, so several cells are several processes; they end together."""
    command = [sys.executable, "-P", "-m", "santong", "work", f"--concurrency={concurrency}"]
    workers = [
        subprocess.Popen([*command, f"--cell={cell.name}"])  # noqa: S603  ourselves
        for cell in every
    ]

    def stop(*_: object) -> None:
        for worker in workers:
            worker.terminate()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while all(worker.poll() is None for worker in workers):
        time.sleep(0.5)
    stop()
    sys.exit(max(abs(worker.wait()) for worker in workers))
