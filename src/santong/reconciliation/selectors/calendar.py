"""Accounts and days: which file there is of each, and how it fared."""

from __future__ import annotations

from datetime import date

from django.db.models import Count

from santong.reconciliation.contracts import FORMATS, DayOfAccount, ReconciledAccount
from santong.reconciliation.models import Account, Difference, StatementFile
from santong.reconciliation.selectors.differences import TAKEN_UP


def reconciled_accounts(*, merchant_id: int) -> list[ReconciledAccount]:
    """The accounts of which statements come, by code, and since when."""
    return [
        ReconciledAccount(
            code=row.code,
            format=FORMATS[FORMATS.index(row.format)],
            settles_to=row.settles_to,
            since=row.since,
        )
        for row in Account.objects.of_merchant(merchant_id).order_by("code")
    ]


def days_with_files(*, merchant_id: int, from_day: date, until_day: date) -> list[DayOfAccount]:
    """The newest file of each account and day, whatever its state; the end excluded.

    One that was refused shows only where no other is there.
    """
    rows = (
        StatementFile.objects.of_merchant(merchant_id)
        .filter(day__gte=from_day, day__lt=until_day)
        .exclude(state="superseded")
        .order_by("id")
    )
    open_by_file = dict(
        Difference.objects.of_merchant(merchant_id)
        .filter(day__gte=from_day, day__lt=until_day, state__in=TAKEN_UP, file__isnull=False)
        .values_list("file_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    found: dict[tuple[str, date], StatementFile] = {}
    for row in rows:
        key = (row.account_code, row.day)
        if key not in found or row.state != "refused":
            found[key] = row
    return [
        DayOfAccount(
            account_code=row.account_code,
            day=row.day,
            file_id=row.id,
            state=row.state,
            lines=row.lines,
            matched=row.matched,
            differences=row.differences,
            open=open_by_file.get(row.id, 0),
            differences_minor=row.differences_minor,
            currency=row.currency,
        )
        for _, row in sorted(found.items())
    ]
