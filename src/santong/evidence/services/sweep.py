"""Files that no row speaks of are removed, and those of erased evidence."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from santong.evidence.models import Evidence, Sweep
from santong.evidence.selectors.files import storage
from santong.evidence.services.files import folder_of, remove_file
from santong.kernel.tenancy import all_or_nothing

# No transaction is open for so long: what has no row by then never will.
GRACE: Final = timedelta(days=1)
MOST_AT_ONCE: Final = 500
_NEVER: Final = date(2000, 1, 1)


@all_or_nothing
def sweep(*, merchant_id: int, now: datetime) -> int:
    """Remove files of rolled back transactions from folders of past days; how many were removed.

    Each day's folder is looked at once, a day after it has ended; a file of which the row is
    erased goes whenever it is seen.
    """
    return _sweep_erased(merchant_id) + _sweep_orphans(merchant_id, now)


def _sweep_erased(merchant_id: int) -> int:
    rows = Evidence.objects.of_merchant(merchant_id).filter(erased_at__isnull=False)
    gone = [
        row.id
        for row in rows.exclude(file="").order_by("id")[:MOST_AT_ONCE]
        if remove_file(row.file)
    ]
    rows.filter(id__in=gone).update(file="")
    return len(gone)


def _sweep_orphans(merchant_id: int, now: datetime) -> int:
    progress, _ = Sweep.objects.get_or_create(
        merchant_id=merchant_id, defaults={"swept_until": _NEVER}
    )
    until = (now - GRACE).date()
    removed = 0
    for day in _days(merchant_id):
        if progress.swept_until <= day < until:
            removed += _sweep_day(merchant_id, day, before=now - GRACE)
            if removed >= MOST_AT_ONCE:
                return removed
    progress.swept_until = max(progress.swept_until, until)
    progress.save(update_fields=["swept_until"])
    return removed


def _days(merchant_id: int) -> list[date]:
    try:
        folders, _ = storage().listdir(folder_of(merchant_id=merchant_id))
    except FileNotFoundError:
        return []
    return sorted(date.fromisoformat(folder) for folder in folders)


def _sweep_day(merchant_id: int, day: date, *, before: datetime) -> int:
    folder = folder_of(merchant_id=merchant_id, day=day)
    _, names = storage().listdir(folder)
    files = {f"{folder}/{name}" for name in names}
    known = set(
        Evidence.objects.of_merchant(merchant_id)
        .filter(file__startswith=f"{folder}/")
        .values_list("file", flat=True)
    )
    # The folder says the day of the business; a replayed past writes into old ones.
    old = [each for each in files - known if storage().get_modified_time(each) < before]
    return sum(remove_file(each) for each in sorted(old)[:MOST_AT_ONCE])
