from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console, RenderableType

from santong.kernel import cells
from santong.simulation import errors
from santong.simulation.management.progress_bars import progress_bars
from santong.simulation.rules.replay.world import StockRule
from santong.simulation.rules.report.page import page_of
from santong.simulation.rules.report.paid import page_of_payments, summary_of_payments
from santong.simulation.rules.report.points import page_of_points, summary_of_points
from santong.simulation.rules.report.terminal import summary
from santong.simulation.services.let_head_office_in import let_head_office_in
from santong.simulation.services.read_purchases import holds_purchases
from santong.simulation.services.run_payments_replay import run_payments_replay
from santong.simulation.services.run_points_replay import run_points_replay
from santong.simulation.services.run_replay import Wanted, run_replay
from santong.simulation.services.write_replay_report import write_replay_report

REPORTS = "reports"
WIDTH_OF_A_FILE = 110


class Command(BaseCommand):
    """Lets published trade happen again, by what lies in the directory.

    Olist's orders are placed and routed, and the report says what routing gained. Purchases of
    "The Complete Journey" or "Online Retail" bring their members points and tiers, and the report
    proves the ledger by sums in SQL. With `--payments` the money of Olist's orders comes in again,
    in all its ways, and what differs from what was sold is explained. Each run has a merchant of
    its own, which stays; `doctor --merchant CODE` checks it.
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
        parser.add_argument(
            "--payments",
            action="store_true",
            help="replay what was paid for Olist's orders, instead of the orders",
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
        replay = _way(options)
        try:
            told, page = replay(options, console, now)
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
        console.print(told)
        path = write_replay_report(page=page, made_at=now, directory=settings.VAR / REPORTS)
        console.print(f"报告 report: {path}")


def _way(options: dict[str, Any]) -> Callable[..., tuple[RenderableType, str]]:
    if options["payments"]:
        return _payments
    return _points if holds_purchases(directory=options["directory"]) else _orders


def _payments(
    options: dict[str, Any], console: Console, now: datetime
) -> tuple[RenderableType, str]:
    """What was paid, in which ways, and why it is not what was sold."""
    code = options["merchant"] or f"payments-{now:%Y%m%d-%H%M%S}"
    console.print(f"商家 merchant: {code}")
    with progress_bars(console) as bars:
        report = run_payments_replay(
            directory=options["directory"],
            merchant_code=code,
            orders_max=options["orders"],
            now=now,
            bars=bars,
        )
    _let_in(code, console, now)
    return summary_of_payments(report=report), page_of_payments(report=report)


def _points(options: dict[str, Any], console: Console, now: datetime) -> tuple[RenderableType, str]:
    """Purchases of members: what they bring, and whether the ledger is right."""
    code = options["merchant"] or f"members-{now:%Y%m%d-%H%M%S}"
    with suppress(cells.UnknownMerchant):
        cells.merchant_by_code(code)
        raise CommandError(f"{code} 已有 is there already: purchases are replayed from the start")
    console.print(f"商家 merchant: {code}")
    with progress_bars(console) as bars:
        report = run_points_replay(
            directory=options["directory"], merchant_code=code, now=now, bars=bars
        )
    _let_in(code, console, now)
    return summary_of_points(report=report), page_of_points(report=report)


def _orders(options: dict[str, Any], console: Console, now: datetime) -> tuple[RenderableType, str]:
    """Orders of a marketplace: where they are sent from, and what that costs."""
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
    with ExitStack() as stack:
        acknowledge = _acknowledge(options["acknowledged"], stack)
        bars = stack.enter_context(progress_bars(console))
        report = run_replay(wanted=wanted, now=now, bars=bars, acknowledge=acknowledge)
    if code is not None:
        _let_in(code, console, now)
    return summary(report=report), page_of(report=report)


def _let_in(code: str, console: Console, now: datetime) -> None:
    """What happened can be looked at in the console."""
    merchant_id = cells.merchant_by_code(code).merchant_id
    made = let_head_office_in(merchant_id=merchant_id, merchant_code=code, now=now)
    if made is not None:
        console.print(f"登录 log in: {made.merchant} / {made.login} / {made.password}")


def _acknowledge(path: Path | None, stack: ExitStack) -> Any:
    if path is None:
        return lambda _number, _order_id: None
    file = stack.enter_context(path.open("a", encoding="utf-8", buffering=1))
    return lambda number, order_id: file.write(f"{number} {order_id}\n")
