"""Promises kept and broken, over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from ninja import Query, Schema

from santong.clocks import contracts
from santong.clocks.api.routes import fields, router, seen_everywhere
from santong.clocks.selectors.figures import dashboard
from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest, requires
from santong.merchants import public as merchants

DAYS: Final = 30
MOST_DAYS: Final = 366


class ClockFiguresOut(Schema):
    """Promises that ended in the time, and what is open now; shares are in percent."""

    name: str
    kept: int
    broken: int
    kept_permille: int | None
    elapsed_median: int
    elapsed_p95: int
    percent_median: int
    percent_p95: int
    open: int
    late: int
    oldest_due_at: datetime | None


class DayFiguresOut(Schema):
    """Promises that ended on a day."""

    on: date
    kept: int
    broken: int


class ClockDashboardOut(Schema):
    """Promises from one day to another (excluded): all, by kind, and day by day."""

    since: date
    until: date
    by: contracts.By
    all: ClockFiguresOut
    rows: list[ClockFiguresOut]
    days: list[DayFiguresOut]


@router.get("/clock-figures", response=ClockDashboardOut, auth=requires("clocks.view"))
def show_clock_figures(
    request: MerchantRequest,
    by: contracts.By = "term",
    since: date | None = None,
    until: date | None = None,
    term: Annotated[str, Query(max_length=contracts.LONGEST_TERM)] = "",
) -> Any:
    """Promises kept and broken by term, store, provider and so on; 30 days by default."""
    sight = seen_everywhere(request)
    merchant = merchants.merchant(merchant_id=request.merchant_id)
    now = datetime.now(UTC)
    ends = until or now.astimezone(ZoneInfo(merchant.timezone)).date() + timedelta(days=1)
    for day in (ends, since or ends):
        if not contracts.FIRST_YEAR <= day.year <= contracts.LAST_YEAR:
            raise FieldInvalid(pointer="/query/since", reason="a day of our time")
    begins = since or ends - timedelta(days=DAYS)
    if not 0 < (ends - begins).days <= MOST_DAYS:
        raise FieldInvalid(pointer="/query/since", reason=f"1 to {MOST_DAYS} days before until")
    found = dashboard(
        merchant_id=request.merchant_id,
        by=by,
        since=begins,
        until=ends,
        time_zone=merchant.timezone,
        sight=sight,
        term=term,
        now=now,
    )
    return {
        "since": begins,
        "until": ends,
        "by": by,
        "all": _shown(found.all),
        "rows": [_shown(row) for row in found.rows],
        "days": found.days,
    }


def _shown(row: contracts.Figures) -> dict[str, Any]:
    return fields(row, kept_permille=row.kept_permille)
