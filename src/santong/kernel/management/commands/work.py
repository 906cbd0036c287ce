from __future__ import annotations

import asyncio
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

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_work(cells.all_cells(), options["concurrency"]))


async def _work(every: list[cells.Cell], concurrency: int) -> None:
    await asyncio.gather(*(_work_cell(cell, concurrency) for cell in every))


async def _work_cell(cell: cells.Cell, concurrency: int) -> None:
    """One worker a cell: its jobs commit with the cell's own rows."""
    params = connector_params()
    params["options"] = f"{params.get('options', '')} -c search_path={cell.schema},public"
    connector = PsycopgConnector(min_size=1, max_size=concurrency + 2, **params)
    cell_app = app.with_connector(connector)
    async with cell_app.open_async():
        await cell_app.run_worker_async(
            concurrency=concurrency,
            wait=True,
            additional_context={"cell": cell},
            install_signal_handlers=True,
            delete_jobs="successful",
        )
