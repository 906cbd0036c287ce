"""How long goods are good, and whether they still are."""

from __future__ import annotations

from calendar import monthrange
from datetime import datetime

from santong.aftersales.contracts.policies import WarrantyTerms


def months_for(terms: WarrantyTerms, *, sku_code: str, category: str) -> int:
    """For how many months such goods are good: by SKU, by the longest category, for all."""
    if sku_code in terms.months_by_sku:
        return terms.months_by_sku[sku_code]
    paths = [path for path in terms.months_by_category if within(category, path=path)]
    if paths:
        return terms.months_by_category[max(paths, key=len)]
    return terms.months


def within(category: str, *, path: str) -> bool:
    """Whether a category is one, or below it: `女装/连衣裙` is within `女装`."""
    return category == path or category.startswith(f"{path}/")


def months_later(instant: datetime, *, months: int) -> datetime:
    """The same time of the same day so many months later, or of the month's last day."""
    total = instant.year * 12 + instant.month - 1 + months
    year, month = divmod(total, 12)
    day = min(instant.day, monthrange(year, month + 1)[1])
    return instant.replace(year=year, month=month + 1, day=day)


def is_good(*, delivered_at: datetime | None, months: int, at: datetime) -> bool:
    """Whether goods are within their warranty."""
    until = good_until(delivered_at=delivered_at, months=months)
    return until is not None and at <= until


def good_until(*, delivered_at: datetime | None, months: int) -> datetime | None:
    """Until when goods are good; None for what has no warranty, or is not there yet."""
    if delivered_at is None or not months:
        return None
    return months_later(delivered_at, months=months)
