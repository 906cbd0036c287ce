"""What reconciliation does by the clock, between transactions."""

from __future__ import annotations

import io
from contextlib import AbstractContextManager
from datetime import datetime

import structlog

from santong.kernel import cells, tenancy
from santong.kernel.errors import DomainError
from santong.kernel.jobs import periodic_in_cell
from santong.payments import public as payments
from santong.reconciliation.providers.work import work_on_file
from santong.reconciliation.rules.days import BEIJING
from santong.reconciliation.rules.packing import pack
from santong.reconciliation.selectors.files import days_to_fetch, unfinished_files
from santong.reconciliation.services.receive_file import receive_file

log = structlog.get_logger(__name__)

# By then providers have written the day before; WeChat Pay says from ten in the morning on.
WRITTEN_BY_HOUR = 10


@periodic_in_cell(name="reconciliation.work_on_files", cron="* * * * *")
def work_on_files(*, cell: cells.Cell, now: datetime) -> None:
    """Read and match every file that has arrived, outside of any transaction but its own."""
    for entry in cells.merchants_of(cell):
        try:
            with _scope(entry.merchant_id):
                waiting = unfinished_files(merchant_id=entry.merchant_id)
            for file_id in waiting:
                work_on_file(merchant_id=entry.merchant_id, file_id=file_id, now=now)
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("statement_not_reconciled", merchant_id=entry.merchant_id)


@periodic_in_cell(name="reconciliation.fetch_statements", cron="20 * * * *")
def fetch_statements(*, cell: cells.Cell, now: datetime) -> None:
    """Fetch what providers have written of the days before, once it may be there."""
    for entry in cells.merchants_of(cell):
        try:
            fetch_for_merchant(merchant_id=entry.merchant_id, now=now)
        except cells.MerchantIsMoving:
            continue
        except Exception:
            log.exception("statements_not_fetched", merchant_id=entry.merchant_id)


def fetch_for_merchant(*, merchant_id: int, now: datetime) -> int:
    """Fetch one merchant's statements that are due and not here; say how many came."""
    there = now.astimezone(BEIJING)
    if there.hour < WRITTEN_BY_HOUR:
        return 0
    with _scope(merchant_id):
        due = days_to_fetch(merchant_id=merchant_id, today=there.date())
    fetched = 0
    for account_code, day in due:
        try:
            content = payments.fetch_statement(
                merchant_id=merchant_id, account_code=account_code, day=day
            )
            if content is None:
                continue
            packed = pack(io.BytesIO(content))
            with _scope(merchant_id):
                receive_file(
                    merchant_id=merchant_id,
                    account_code=account_code,
                    day=day,
                    file_format=None,
                    packed=packed,
                    now=now,
                )
        except (payments.Unreachable, payments.Refused, DomainError) as failure:
            # Tomorrow's run asks for it again, and the month does not close without it.
            log.warning(
                "statement_not_fetched",
                merchant_id=merchant_id,
                account=account_code,
                day=str(day),
                why=type(failure).__name__,
            )
            continue
        fetched += 1
    return fetched


def _scope(merchant_id: int) -> AbstractContextManager[tenancy.Scope]:
    return tenancy.scope(merchant_id=merchant_id, request_id="job:reconciliation")
