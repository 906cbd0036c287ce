"""Months over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Schema

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.reconciliation.api.fields import (
    MonthBalanceOut,
    MonthCloseOut,
    TrialBalanceOut,
    written,
)
from santong.reconciliation.api.routes import Body, Note, router
from santong.reconciliation.rules.sheets import as_csv, as_xlsx
from santong.reconciliation.selectors import months as selecting
from santong.reconciliation.services import close_month as closing

_FIRST_YEAR, _LAST_YEAR = 2000, 2999
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ReopenIn(Body):
    """Why a closed month has to be opened again."""

    reason: Note


class ClosesOut(Schema):
    """Months that were closed."""

    items: list[MonthCloseOut]


@router.get("/reconciliation/months", response=ClosesOut, auth=requires("reconciliation.view"))
def list_month_closes(request: MerchantRequest) -> Any:
    """Every month that was ever closed, newest first."""
    rows = selecting.closes(merchant_id=request.merchant_id)
    return {"items": [written(row, MonthCloseOut) for row in rows]}


@router.get(
    "/reconciliation/months/{month}/trial-balance",
    response=TrialBalanceOut,
    auth=requires("reconciliation.view"),
)
def show_trial_balance(request: MerchantRequest, month: str) -> Any:
    """A month's trial balance (2026-11): as it was closed, or as it stands so far."""
    first = _month(month)
    balance = selecting.trial_balance(merchant_id=request.merchant_id, month=first)
    close = selecting.current_close(merchant_id=request.merchant_id, month=first)
    return {
        "month": first,
        "is_closed": close is not None,
        "is_balanced": balance.is_balanced,
        "rows": [written(row, MonthBalanceOut) for row in balance.rows],
    }


@router.get(
    "/reconciliation/months/{month}/trial-balance/file",
    auth=requires("reconciliation.view"),
    response={200: None},
)
def download_trial_balance(
    request: MerchantRequest,
    month: str,
    format: Annotated[str, Query(pattern="^(csv|xlsx)$")] = "csv",  # noqa: A002  as above
) -> HttpResponse:
    """The same as a file: CSV or XLSX."""
    first = _month(month)
    balance = selecting.trial_balance(merchant_id=request.merchant_id, month=first)
    is_csv = format == "csv"
    return HttpResponse(
        as_csv(balance) if is_csv else as_xlsx(balance),
        content_type="text/csv; charset=utf-8" if is_csv else _XLSX,
        headers={"Content-Disposition": f'attachment; filename="trial-balance-{month}.{format}"'},
    )


@router.post(
    "/reconciliation/months/{month}/close",
    response=MonthCloseOut,
    auth=requires("reconciliation.work"),
)
def close_month(request: MerchantRequest, month: str) -> Any:
    """Close a month, a day after its end, once nothing of it is missing or open."""
    row = closing.close_month(
        merchant_id=request.merchant_id, month=_month(month), now=datetime.now(UTC)
    )
    return written(row, MonthCloseOut)


@router.post(
    "/reconciliation/months/{month}/reopen",
    response=MonthCloseOut,
    auth=requires("reconciliation.work"),
)
def reopen_month(request: MerchantRequest, month: str, body: ReopenIn) -> Any:
    """Open a closed month again; whoever has closed it does not."""
    row = closing.reopen_month(
        merchant_id=request.merchant_id,
        month=_month(month),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return written(row, MonthCloseOut)


def _month(text: str) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NoSuch(kind="month", key=text[:40]) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise NoSuch(kind="month", key=text[:40])
    return found
