from __future__ import annotations

import json
import secrets
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import connection
from rich.console import Console

from santong.simulation.contracts import LogIn
from santong.simulation.management.progress_bars import progress_bars
from santong.simulation.rules.demo import group
from santong.simulation.services.load_demo_merchant import is_demo_loaded, load_demo_merchant

SEED = 7
# `logins` reads it.
KEPT_IN = "secrets/demo-logins.json"


class Command(BaseCommand):
    """Loads the demo merchant: stores, goods, stock, a week of orders, money, log-ins.

    Interrupted, it goes on where it was. The log-ins are kept in `var/secrets/demo-logins.json`.
    """

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if it is there")
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--stores", type=int, default=group.STORES)
        parser.add_argument("--skus", type=int, default=group.SKUS)
        parser.add_argument("--orders", type=int, default=group.ORDERS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and is_demo_loaded():
            return
        with connection.cursor() as cursor:
            # Interrupted, the load goes on where it was: it need not wait for the disk each time.
            cursor.execute("SET synchronous_commit = off")
        now = datetime.now(UTC)
        demo = group.demo_merchant(
            seed=options["seed"],
            # The same week again if an interrupted load goes on within the hour.
            week_ends_at=now.replace(minute=0, second=0, microsecond=0),
            stores=options["stores"],
            skus=options["skus"],
            order_count=options["orders"],
        )
        console = Console()
        with progress_bars(console) as bars:
            loaded = load_demo_merchant(
                demo=demo,
                seed=options["seed"],
                password=_password(),
                now=now,
                bars=bars,
                clock=_clock,
            )
        _keep(loaded.log_ins)
        worked = loaded.played.worked
        console.print(
            f"{demo.name}: {len(demo.places):,} 地点 places, {len(demo.skus):,} SKU, "
            f"{loaded.played.placed:,} 订单 orders, {worked.accepted:,} 接单 accepted, "
            f"{sum(worked.declined.values()):,} 拒单 declined, {worked.handed_over:,} 发货 shipped"
        )


def _clock() -> datetime:
    return datetime.now(UTC)


def _password() -> str:
    return secrets.token_urlsafe(9)


def _keep(log_ins: Sequence[LogIn]) -> None:
    """Keep the log-ins where only the owner of the installation reads them."""
    if not log_ins:
        return
    path = settings.VAR / KEPT_IN
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(
        json.dumps([asdict(log_in) for log_in in log_ins], indent=1) + "\n", encoding="utf-8"
    )
