"""Accounts and days of a month: which statements are there, and how they fared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from santong.payments import public as payments
from santong.reconciliation import public as reconciliation

Mark = Literal["matched", "open", "explained", "running", "refused", "missing", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """An account's day: how it is marked, and the file if there is one."""

    day: date
    mark: Mark
    found: reconciliation.DayOfAccount | None


@dataclass(frozen=True, slots=True)
class Row:
    """An account's month."""

    account: payments.PaymentAccount
    since: date | None
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """All accounts, and what plots are drawn from."""

    rows: Sequence[Row]
    days: Sequence[date]
    matched: Sequence[int]
    different: Sequence[int]
    count_by_category: dict[str, Sequence[int]]

    @property
    def table(self) -> list[tuple[date, int, int]]:
        """The lines of days on which there were any."""
        rows = zip(self.days, self.matched, self.different, strict=True)
        return [row for row in rows if row[1] or row[2]]

    @property
    def category_table(self) -> list[tuple[str, date, int]]:
        """Differences by class and day, where there are any."""
        return [
            (category, day, count)
            for category, counts in self.count_by_category.items()
            for day, count in zip(self.days, counts, strict=True)
            if count
        ]


def statement_month(*, merchant_id: int, first: date, until: date, today: date) -> Month:
    """A month of every account that is reconciled or open, `until` excluded, in five questions."""
    days = [first + timedelta(days=number) for number in range((until - first).days)]
    accounts = payments.payment_accounts(merchant_id=merchant_id)
    since_by_code = {
        each.code: each.since
        for each in reconciliation.reconciled_accounts(merchant_id=merchant_id)
    }
    found = reconciliation.days_with_files(merchant_id=merchant_id, from_day=first, until_day=until)
    by_place = {(each.account_code, each.day): each for each in found}
    categories = reconciliation.category_sums_by_day(
        merchant_id=merchant_id, from_day=first, until_day=until
    )
    counts: dict[str, Counter[date]] = {}
    for each in categories:
        counts.setdefault(each.category, Counter())[each.day] += each.count
    matched, different = Counter[date](), Counter[date]()
    for day in found:
        matched[day.day] += day.matched
        different[day.day] += day.differences
    return Month(
        rows=[
            Row(
                account,
                since_by_code.get(account.code),
                [
                    _cell(
                        by_place.get((account.code, day)),
                        day,
                        since=since_by_code.get(account.code),
                        today=today,
                    )
                    for day in days
                ],
            )
            for account in accounts
            if account.is_open or account.code in since_by_code
        ],
        days=days,
        matched=[matched[day] for day in days],
        different=[different[day] for day in days],
        count_by_category={
            category: [counted[day] for day in days] for category, counted in counts.items()
        },
    )


def _cell(
    found: reconciliation.DayOfAccount | None, day: date, *, since: date | None, today: date
) -> Cell:
    if found is None:
        is_due = since is not None and since <= day < today
        return Cell(day, "missing" if is_due else "none", None)
    if found.state == "matched":
        if found.open:
            return Cell(day, "open", found)
        return Cell(day, "explained" if found.differences else "matched", found)
    return Cell(day, "refused" if found.state == "refused" else "running", found)
