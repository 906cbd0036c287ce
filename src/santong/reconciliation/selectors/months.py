"""Months: what keeps one from being closed, and its trial balance."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import F, Q, Sum

from santong.kernel.errors import NoSuch
from santong.payments import public as payments
from santong.reconciliation import contracts
from santong.reconciliation.models import (
    Account,
    Difference,
    MonthBalance,
    MonthClose,
    StatementFile,
)
from santong.reconciliation.rules.days import BEIJING
from santong.reconciliation.selectors.files import UNFINISHED

# Longer than any transaction: nothing written by whoever began before midnight is missed.
CLOSES_AFTER = timedelta(days=1)


def bounds(month: date) -> tuple[datetime, datetime]:
    """When a month begins, and when the next one does."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    begins, ends = (datetime.combine(day, time(), tzinfo=BEIJING) for day in (first, following))
    return begins, ends


def obstacles(*, merchant_id: int, month: date, now: datetime) -> list[contracts.Obstacle]:
    """Everything that keeps a month from being closed."""
    begins, ends = bounds(month)
    found: list[contracts.Obstacle] = []
    if now < ends + CLOSES_AFTER:
        found.append(contracts.Obstacle("too_early", "", ends.date(), None))
    days = (begins.date(), ends.date())
    found += _missing(merchant_id=merchant_id, days=days)
    unfinished = StatementFile.objects.of_merchant(merchant_id).filter(
        day__gte=days[0], day__lt=days[1], state__in=UNFINISHED
    )
    found += [
        contracts.Obstacle("file_not_matched", row.account_code, row.day, None)
        for row in unfinished.order_by("day", "account_code")
    ]
    nobodys = Difference.objects.of_merchant(merchant_id).filter(
        Q(owner="") | Q(note=""),
        day__gte=days[0],
        day__lt=days[1],
        state__in=contracts.TAKEN_UP,
    )
    found += [
        contracts.Obstacle("difference_open", code, day, difference_id)
        for code, day, difference_id in nobodys.order_by("id").values_list(
            "account_code", "day", "id"
        )
    ]
    return found


def trial_balance(*, merchant_id: int, month: date) -> contracts.TrialBalance:
    """A month as it was closed; one that is not closed as it stands so far."""
    close = current_close(merchant_id=merchant_id, month=month)
    if close is None:
        return balance_so_far(merchant_id=merchant_id, month=month)
    rows = MonthBalance.objects.of_merchant(merchant_id).filter(close_id=close.id)
    return contracts.TrialBalance(
        month=month.replace(day=1),
        rows=tuple(
            contracts.Balance(
                asset=row.asset,
                kind=row.kind,
                group=row.group,
                opening_minor=row.opening_minor,
                debit_minor=row.debit_minor,
                credit_minor=row.credit_minor,
                closing_minor=row.closing_minor,
            )
            for row in rows.order_by("asset", "kind", "group")
        ),
    )


def balance_so_far(*, merchant_id: int, month: date) -> contracts.TrialBalance:
    """A month's trial balance from the ledger."""
    begins, ends = bounds(month)
    flows = payments.money_flows(merchant_id=merchant_id, since=begins, until=ends)
    return contracts.TrialBalance(
        month=month.replace(day=1),
        rows=tuple(
            contracts.Balance(
                asset=flow.asset,
                kind=flow.kind,
                group=flow.group,
                opening_minor=flow.opening_minor,
                debit_minor=flow.debit_minor,
                credit_minor=flow.credit_minor,
                closing_minor=flow.opening_minor + flow.debit_minor - flow.credit_minor,
            )
            for flow in flows
        ),
    )


def current_close(*, merchant_id: int, month: date) -> contracts.MonthClose | None:
    """A month's close; None while it is not closed."""
    row = (
        MonthClose.objects.of_merchant(merchant_id)
        .filter(month=month.replace(day=1), state="closed")
        .first()
    )
    return row.as_contract() if row else None


def closes(*, merchant_id: int) -> list[contracts.MonthClose]:
    """Every month that was ever closed, newest first."""
    rows = MonthClose.objects.of_merchant(merchant_id).order_by("-month", "-version")
    return [row.as_contract() for row in rows]


def close_by_month(*, merchant_id: int, month: date) -> contracts.MonthClose:
    """A month's newest close. Raises NoSuch."""
    first = month.replace(day=1)
    rows = MonthClose.objects.of_merchant(merchant_id).filter(month=first)
    row = rows.order_by("-version").first()
    if row is None:
        raise NoSuch(kind="month", key=f"{first:%Y-%m}")
    return row.as_contract()


def standing_differences(*, merchant_id: int, month: date) -> tuple[int, int]:
    """How many differences of a month still differ, and what they come to."""
    begins, ends = bounds(month)
    rows = Difference.objects.of_merchant(merchant_id).filter(
        day__gte=begins.date(), day__lt=ends.date(), state__in=contracts.LIVE, file__isnull=False
    )
    found = rows.aggregate(sum=Sum(F("theirs_minor") - F("ours_minor") - F("booked_minor")))
    return rows.count(), int(found["sum"] or 0)


def _missing(*, merchant_id: int, days: tuple[date, date]) -> list[contracts.Obstacle]:
    """Days of reconciled accounts for which no file was matched."""
    there = set(
        StatementFile.objects.of_merchant(merchant_id)
        .filter(day__gte=days[0], day__lt=days[1], state="matched")
        .values_list("account_code", "day")
    )
    accounts = Account.objects.of_merchant(merchant_id).filter(since__lt=days[1]).order_by("code")
    found: list[contracts.Obstacle] = []
    for account in accounts:
        day = max(account.since, days[0])
        while day < days[1]:
            if (account.code, day) not in there:
                found.append(contracts.Obstacle("file_missing", account.code, day, None))
            day += timedelta(days=1)
    return found
