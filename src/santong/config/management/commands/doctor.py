from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from santong.kernel import cells, invariants, tenancy
from santong.kernel.doctor import Finding

Check = Callable[..., list[Finding]]


class Command(BaseCommand):
    """Checks what must always hold, in every cell, for every merchant; says what is wrong."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--merchant", metavar="CODE", help="only this merchant")
        parser.add_argument("--json", action="store_true", help="one JSON object on the last line")

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.perf_counter()
        findings: list[dict[str, str]] = []
        warnings: list[dict[str, str]] = []
        merchants = 0
        for cell in cells.all_cells():
            findings += [_row(cell.name, "", found) for found in invariants.check_cell(cell=cell)]
            for entry in cells.merchants_of(cell):
                if options["merchant"] in (None, entry.code):
                    merchants += 1
                    findings += [
                        _row(cell.name, entry.code, found) for found in _check(entry.merchant_id)
                    ]
                    warnings += [
                        _row(cell.name, entry.code, found) for found in _warn(entry.merchant_id)
                    ]
        self._warn(warnings)
        self._tell(findings, merchants, time.perf_counter() - started, as_json=options["json"])
        if findings:
            sys.exit(1)

    def _warn(self, warnings: list[dict[str, str]]) -> None:
        for row in warnings:
            self.stdout.write(
                f"! {row['cell']} {row['merchant']} · {row['context']}"
                f" · {row['rule']}: {row['detail']}"
            )

    def _tell(
        self, findings: list[dict[str, str]], merchants: int, seconds: float, *, as_json: bool
    ) -> None:
        for row in findings:
            self.stdout.write(
                f"✗ {row['cell']} {row['merchant']} · {row['context']}"
                f" · {row['rule']}: {row['detail']}"
            )
        if not findings:
            self.stdout.write(
                f"✓ Every invariant holds: {merchants} merchants,"
                f" {len(settings.SANTONG_CHECKS)} contexts, {seconds:.1f} s"
            )
        if as_json:
            self.stdout.write(json.dumps({"merchants": merchants, "findings": findings}))


def _check(merchant_id: int) -> Iterator[Finding]:
    for path in settings.SANTONG_CHECKS:
        check: Check = import_string(path)
        with tenancy.scope(merchant_id=merchant_id):
            yield from check(merchant_id=merchant_id)


def _warn(merchant_id: int) -> Iterator[Finding]:
    for path in settings.SANTONG_WARNINGS:
        check: Check = import_string(path)
        with tenancy.scope(merchant_id=merchant_id):
            yield from check(merchant_id=merchant_id, now=datetime.now(UTC))


def _row(cell: str, merchant: str, found: Finding) -> dict[str, str]:
    return {
        "cell": cell,
        "merchant": merchant,
        "context": found.context,
        "rule": found.rule,
        "detail": found.detail,
    }
