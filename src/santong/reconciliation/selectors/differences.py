"""Differences: what there is, how much, how old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Count, F, Min, QuerySet, Sum

from santong.kernel.errors import NoSuch
from santong.reconciliation import contracts
from santong.reconciliation.models import Difference, StatementFile

_LIVE = list(contracts.LIVE)
TAKEN_UP = list(contracts.TAKEN_UP)


def difference_by_id(*, merchant_id: int, difference_id: int) -> contracts.Difference:
    """A difference. Raises NoSuch."""
    row = Difference.objects.of_merchant(merchant_id).filter(id=difference_id).first()
    if row is None:
        raise NoSuch(kind="difference", key=str(difference_id))
    return row.as_contract()


def differences_page(
    *,
    merchant_id: int,
    before_id: int,
    limit: int,
    account_code: str = "",
    day: date | None = None,
    category: str = "",
    state: str = "",
    file_id: int | None = None,
    owner: str = "",
) -> list[contracts.Difference]:
    """Differences, newest first; without a state, those that still differ."""
    rows = _live(merchant_id, file_id=file_id) if not state else _all(merchant_id, state, file_id)
    for field, value in (("account_code", account_code), ("category", category), ("owner", owner)):
        if value:
            rows = rows.filter(**{field: value})
    if day:
        rows = rows.filter(day=day)
    found = rows.filter(id__lt=before_id).order_by("-id")[:limit]
    return [row.as_contract() for row in found]


def counted(*, merchant_id: int, file_id: int | None = None) -> list[contracts.Counted]:
    """How many differ, by category and state, what they come to, since when."""
    rows = _live(merchant_id, file_id=file_id)
    found = (
        rows.values("category", "state", "currency")
        .annotate(
            count=Count("id"),
            sum=Sum(F("theirs_minor") - F("ours_minor")),
            oldest=Min("day"),
        )
        .order_by("category", "state", "currency")
    )
    return [
        contracts.Counted(
            category=contracts.CATEGORIES[contracts.CATEGORIES.index(row["category"])],
            state=contracts.DIFFERENCE_STATES[contracts.DIFFERENCE_STATES.index(row["state"])],
            currency=row["currency"],
            count=row["count"],
            difference_minor=int(row["sum"]),
            oldest_on=row["oldest"],
        )
        for row in found
    ]


def days_of_accounts(
    *, merchant_id: int, from_day: date, until_day: date, account_codes: Sequence[str] = ()
) -> list[contracts.DayOfAccount]:
    """Days for which a matched file is there, the end excluded: for plots."""
    files = StatementFile.objects.of_merchant(merchant_id).filter(
        day__gte=from_day, day__lt=until_day, state="matched"
    )
    if account_codes:
        files = files.filter(account_code__in=list(account_codes))
    open_by_file = dict(
        Difference.objects.of_merchant(merchant_id)
        .filter(day__gte=from_day, day__lt=until_day, state__in=TAKEN_UP, file__isnull=False)
        .values_list("file_id")
        .annotate(count=Count("id"))
        .order_by()
    )
    return [
        contracts.DayOfAccount(
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
        for row in files.order_by("day", "account_code")
    ]


def ages(*, merchant_id: int, today: date) -> dict[str, int]:
    """How long differences have waited for somebody: so many by days, in steps."""
    steps = ((1, "0-1"), (3, "2-3"), (7, "4-7"), (30, "8-30"))
    found = dict.fromkeys([*(name for _, name in steps), "31-"], 0)
    rows = (
        Difference.objects.of_merchant(merchant_id)
        .filter(state__in=TAKEN_UP)
        .values_list("day")
        .annotate(count=Count("id"))
        .order_by()
    )
    for day, count in rows:
        age = (today - day).days
        name = next((name for most, name in steps if age <= most), "31-")
        found[name] += count
    return found


def unexplained(*, merchant_id: int) -> dict[str, int]:
    """What no difference accounts for, by account: nothing, by a constraint of the table."""
    rows = (
        StatementFile.objects.of_merchant(merchant_id)
        .filter(state="matched")
        .values_list("account_code")
        .annotate(
            sum=Sum(
                F("theirs_minor") - F("ours_minor") - F("booked_minor") - F("differences_minor")
            )
        )
        .order_by("account_code")
    )
    return {code: int(sum_) for code, sum_ in rows}


def _live(merchant_id: int, *, file_id: int | None) -> QuerySet[Difference]:
    rows = Difference.objects.of_merchant(merchant_id).filter(state__in=_LIVE)
    return rows if file_id is None else rows.filter(file_id=file_id)


def _all(merchant_id: int, state: str, file_id: int | None) -> QuerySet[Difference]:
    rows = Difference.objects.of_merchant(merchant_id).filter(state=state)
    return rows if file_id is None else rows.filter(file_id=file_id)


def category_sums_by_day(
    *, merchant_id: int, from_day: date, until_day: date
) -> list[contracts.CategoryOfDay]:
    """How many still differ on each day, by category, the end excluded: for plots."""
    rows = (
        _live(merchant_id, file_id=None)
        .filter(day__gte=from_day, day__lt=until_day)
        .values("day", "category")
        .annotate(count=Count("id"))
        .order_by("day", "category")
    )
    return [
        contracts.CategoryOfDay(
            row["day"],
            contracts.CATEGORIES[contracts.CATEGORIES.index(row["category"])],
            row["count"],
        )
        for row in rows
    ]
