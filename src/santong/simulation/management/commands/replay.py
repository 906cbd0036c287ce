from __future__ import annotations

import os
from argparse import ArgumentParser
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console

from santong.simulation import errors
from santong.simulation.management.progress_bars import progress_bars
from santong.simulation.rules.replay.world import StockRule
from santong.simulation.rules.report.terminal import summary
from santong.simulation.services.run_replay import Wanted, run_replay
from santong.simulation.services.write_replay_report import write_replay_report

REPORTS = "reports"
WIDTH_OF_A_FILE = 110


class Command(BaseCommand):
    """Places Olist's published orders again and reports what routing gained.

    Each run has a merchant of its own, which stays; `doctor --merchant CODE` checks it.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("directory", type=Path, help="where the published files lie")
        parser.add_argument(
            "--orders", type=int, metavar="N", help="place only the last N orders (default: all)"
        )
        parser.add_argument(
            "--in-memory", action="store_true", help="compare policies only; needs no database"
        )
        parser.add_argument("--merchant", metavar="CODE", help="go on with an earlier run")
        parser.add_argument(
            "--processes",
            type=int,
            default=max(1, (os.cpu_count() or 1)),
            help="how many processes the stores work in (default: one a core)",
        )
        parser.add_argument("--seed", type=int, default=StockRule().seed)
        parser.add_argument(
            "--acknowledged",
            type=Path,
            metavar="FILE",
            help="write each order's number and id here once it is placed for good",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = datetime.now(UTC)
        console = Console()
        if not console.is_terminal:
            console = Console(width=WIDTH_OF_A_FILE)
        code = None
        if not options["in_memory"]:
            code = options["merchant"] or f"replay-{now:%Y%m%d-%H%M%S}"
            console.print(f"商家 merchant: {code}")
        wanted = Wanted(
            directory=options["directory"],
            merchant_code=code,
            orders_max=options["orders"],
            processes=options["processes"],
            rule=StockRule(seed=options["seed"]),
        )
        try:
            with ExitStack() as stack:
                acknowledge = _acknowledge(options["acknowledged"], stack)
                bars = stack.enter_context(progress_bars(console))
                report = run_replay(wanted=wanted, now=now, bars=bars, acknowledge=acknowledge)
        except errors.FilesMissing as refusal:
            missing = "\n  ".join(refusal.missing)
            raise CommandError(
                f"{refusal.directory} 缺少文件 lacks these files:\n  {missing}"
            ) from None
        except errors.ColumnsMissing as refusal:
            columns = ", ".join(refusal.missing)
            raise CommandError(f"{refusal.file} 缺少列 lacks these columns: {columns}") from None
        except errors.FileUnreadable as refusal:
            raise CommandError(
                f"{refusal.file} 第 {refusal.after_line} 行后无法读取 cannot be read after line "
                f"{refusal.after_line}: {refusal.reason}"
            ) from None
        except errors.NothingToReplay as refusal:
            raise CommandError(
                f"{refusal.directory}: {refusal.orders_read:,} 单均无法重放 orders were read, "
                "and none of them is whole enough to be placed again"
            ) from None
        console.print(summary(report=report))
        path = write_replay_report(report=report, directory=settings.VAR / REPORTS)
        console.print(f"报告 report: {path}")


def _acknowledge(path: Path | None, stack: ExitStack) -> Any:
    if path is None:
        return lambda _number, _order_id: None
    file = stack.enter_context(path.open("a", encoding="utf-8", buffering=1))
    return lambda number, order_id: file.write(f"{number} {order_id}\n")
