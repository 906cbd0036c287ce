"""What points mean in the books: what is outstanding, and what brands owe one another."""

from __future__ import annotations

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.kernel.errors import DomainError, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.membership import public as membership
from santong.merchants import public as merchants

MONTHS_SHOWN: Final = 12
MONTHS_OF_YEAR: Final = 12


@page("settlements.view")
def liability(request: MerchantRequest) -> HttpResponse:
    """A pool's points outstanding by the month in which they end, and what they are worth."""
    return liability_page(request)


def liability_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The books of one pool, and its months."""
    merchant_id = request.merchant_id
    pools = membership.pools(merchant_id=merchant_id)
    asked = request.GET.get("pool", "")
    pool = next((each for each in pools if each.code == asked), pools[0] if pools else None)
    stands, months = None, list[membership.SettlementStatement]()
    now = datetime.now(UTC)
    if pool is not None:
        try:
            stands = membership.points_liability(
                merchant_id=merchant_id, pool_code=pool.code, now=now
            )
            months = [
                membership.settlement_statement(
                    merchant_id=merchant_id, pool_code=pool.code, month=month
                )
                for month in _months(_today(request))[:3]
            ]
        except NoSuch:
            stands = None
    values = {
        "pools": pools,
        "pool": pool,
        "stands": stands,
        "chart_months": ",".join(
            each.month.strftime("%Y-%m") if each.month else "∞" for each in stands.by_month
        )
        if stands
        else "",
        "chart_points": ",".join(str(each.points) for each in stands.by_month) if stands else "",
        "months": _months(_today(request)),
        "newest": months,
        "refusal": sentence_of(refused) if refused else "",
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "liability", values, section="liability", status=status)


@page("settlements.view")
def statement(request: MerchantRequest, pool_id: str, month: str) -> HttpResponse:
    """A pool's month, brand by brand: as it stands, or as it was closed."""
    return statement_page(request, _pool(request, pool_id), month)


def statement_page(
    request: MerchantRequest,
    pool: membership.Pool,
    month: str,
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    """One statement; with a refusal beside the form that closes it."""
    found = membership.settlement_statement(
        merchant_id=request.merchant_id, pool_code=pool.code, month=_month(month)
    )
    brands = merchants.brands(merchant_id=request.merchant_id)
    values = {
        "statement": found,
        "pool": pool,
        "month": month,
        "brand_by_id": {each.id: each for each in brands},
        "may_close": places_of(request, "settlements.view") is None
        and not found.is_closed
        and _month(month) < _today(request).replace(day=1),
        "refusal": sentence_of(refused) if refused else "",
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "settlement", values, section="liability", status=status)


@page("points.approve", method="POST")
def close(request: MerchantRequest, pool_id: str, month: str) -> HttpResponse:
    """Freeze what the brands of a pool owe one another for a month."""
    pool, first = _pool(request, pool_id), _month(month)

    def act() -> str:
        membership.settle_month(
            merchant_id=request.merchant_id,
            pool_code=pool.code,
            month=first,
            now=datetime.now(UTC),
        )
        messages.success(request, _("The month is closed and stays as it is."))
        return f"/console/liability/{pool.id}/{month}/"

    return command(
        request,
        act=act,
        again=lambda refused: statement_page(request, pool, month, refused=refused),
    )


def _pool(request: MerchantRequest, pool_id: str) -> membership.Pool:
    wanted = id_of(pool_id, kind="pool")
    for pool in membership.pools(merchant_id=request.merchant_id):
        if pool.id == wanted:
            return pool
    raise NoSuch(kind="pool", key=pool_id)


def _today(request: MerchantRequest) -> date:
    zone = ZoneInfo(request.merchant.timezone)  # type: ignore[attr-defined]
    return datetime.now(zone).date()


def _months(today: date) -> list[date]:
    """This month and those before it, the newest first."""
    count = today.year * MONTHS_OF_YEAR + today.month - 1
    return [
        date((count - back) // MONTHS_OF_YEAR, (count - back) % MONTHS_OF_YEAR + 1, 1)
        for back in range(MONTHS_SHOWN)
    ]


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NoSuch(kind="month", key=text[:40]) from None
