"""A month is closed, and opened again."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError
from django.db.models import Max

from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing
from santong.reconciliation import contracts
from santong.reconciliation.errors import (
    MonthClosed,
    MonthNotClosed,
    MonthNotReady,
    SecondPersonNeeded,
)
from santong.reconciliation.models import MonthBalance, MonthClose
from santong.reconciliation.selectors.months import (
    balance_so_far,
    current_close,
    obstacles,
    standing_differences,
)
from santong.reconciliation.services.work_on import actor

MOST_OBSTACLES = 50
LONGEST_REASON = 500


@all_or_nothing
def close_month(*, merchant_id: int, month: date, now: datetime) -> contracts.MonthClose:
    """Freeze a month's trial balance, a day after its end, once nothing of it is open.

    Raises MonthClosed; MonthNotReady with what is missing or open.
    """
    month = month.replace(day=1)
    if current_close(merchant_id=merchant_id, month=month):
        raise MonthClosed(month=month)
    found = obstacles(merchant_id=merchant_id, month=month, now=now)
    if found:
        raise MonthNotReady(month=month, obstacles=found[:MOST_OBSTACLES], count=len(found))
    balance = balance_so_far(merchant_id=merchant_id, month=month)
    assert balance.is_balanced, "the ledger's entries come to nothing"
    count, sum_minor = standing_differences(merchant_id=merchant_id, month=month)
    before = MonthClose.objects.of_merchant(merchant_id).filter(month=month)
    row = MonthClose(
        merchant_id=merchant_id,
        month=month,
        version=(before.aggregate(last=Max("version"))["last"] or 0) + 1,
        state="closed",
        closed_at=now,
        closed_by=actor(),
        differences=count,
        differences_minor=sum_minor,
    )
    try:
        row.save(force_insert=True)
    except IntegrityError:
        # Of two who close at once, one has closed.
        raise MonthClosed(month=month) from None
    MonthBalance.objects.bulk_create(
        MonthBalance(
            merchant_id=merchant_id,
            close=row,
            asset=each.asset,
            kind=each.kind,
            group=each.group,
            opening_minor=each.opening_minor,
            debit_minor=each.debit_minor,
            credit_minor=each.credit_minor,
            closing_minor=each.closing_minor,
        )
        for each in balance.rows
    )
    _record(row, "close_month", reason="closed", now=now)
    return row.as_contract()


@all_or_nothing
def reopen_month(
    *, merchant_id: int, month: date, reason: str, now: datetime
) -> contracts.MonthClose:
    """Open a closed month again, for a reason; whoever has closed it does not.

    Its frozen rows stay, under their version. Raises MonthNotClosed, SecondPersonNeeded,
    FieldInvalid. Locks the month's close.
    """
    month = month.replace(day=1)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    check_prose(reason)
    rows = MonthClose.objects.of_merchant(merchant_id).filter(month=month, state="closed")
    row = rows.lock().first()
    if row is None:
        raise MonthNotClosed(month=month)
    if row.closed_by == actor():
        raise SecondPersonNeeded(of=f"month:{month:%Y-%m}")
    row.state = "reopened"
    row.reopened_at = now
    row.reopened_by = actor()
    row.reason = reason
    row.save()
    _record(row, "reopen_month", reason=reason, now=now)
    return row.as_contract()


def _record(row: MonthClose, action: str, *, reason: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=f"reconciliation.{action}",
            subject="month_close",
            subject_id=row.id,
            reason=reason,
            after={"month": str(row.month), "version": row.version},
        ),
        now=now,
    )
