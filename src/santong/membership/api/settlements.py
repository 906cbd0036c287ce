"""Settlement and liability over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from ninja import Schema

from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest, requires
from santong.membership import contracts
from santong.membership.api.routes import router
from santong.membership.selectors.liability import points_liability
from santong.membership.selectors.settlements import settlement_statement
from santong.membership.services import settle_month as settling

_FIRST_YEAR, _LAST_YEAR = 2000, 2999


class BrandOfMonthOut(Schema):
    """A brand's part of a month."""

    brand_id: str
    earned_points: int
    burned_points: int
    pays_minor: int
    gets_minor: int
    breakage_minor: int
    net_minor: int


class SettlementOut(Schema):
    """What brands that share a pool owe one another for a month."""

    pool_code: str
    month: date
    is_closed: bool
    closed_at: datetime | None
    currency: str
    expired_points: int
    breakage_minor_per_1000: int
    brands: list[BrandOfMonthOut]


class EndingOut(Schema):
    """So many points end in a month; null is never."""

    month: date | None
    points: int


class LiabilityOut(Schema):
    """What is outstanding of a pool's points, and what of it is expected to be used."""

    pool_code: str
    available: int
    pending: int
    debt: int
    redeemed: int
    expired: int
    by_month: list[EndingOut]
    breakage_per_10000: int
    expected_breakage: int
    expected_to_be_used: int
    currency: str
    value_minor: int


@router.get(
    "/pools/{pool_code}/settlements/{month}",
    response=SettlementOut,
    auth=requires("settlements.view"),
)
def show_settlement(request: MerchantRequest, pool_code: str, month: str) -> Any:
    """A pool's month (2026-11) by brand: as it was closed, or as it stands so far."""
    return _statement(
        settlement_statement(
            merchant_id=request.merchant_id, pool_code=pool_code, month=_month(month)
        )
    )


@router.post(
    "/pools/{pool_code}/settlements/{month}",
    response=SettlementOut,
    auth=requires("points.approve"),
)
def settle_month(request: MerchantRequest, pool_code: str, month: str) -> Any:
    """Close a pool's month, a day after its end; closed once, it stays."""
    return _statement(
        settling.settle_month(
            merchant_id=request.merchant_id,
            pool_code=pool_code,
            month=_month(month),
            now=datetime.now(UTC),
        )
    )


@router.get(
    "/pools/{pool_code}/liability", response=LiabilityOut, auth=requires("settlements.view")
)
def show_liability(request: MerchantRequest, pool_code: str) -> Any:
    """What is outstanding of a pool's points, when it ends, what of it will be used."""
    return points_liability(
        merchant_id=request.merchant_id, pool_code=pool_code, now=datetime.now(UTC)
    )


def _month(text: str) -> date:
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NoSuch(kind="month", key=text[:40]) from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise NoSuch(kind="month", key=text[:40])
    return found


def _statement(row: contracts.SettlementStatement) -> dict[str, Any]:
    written = {name: getattr(row, name) for name in SettlementOut.model_fields if name != "brands"}
    return {
        **written,
        "brands": [
            {
                **{name: getattr(brand, name) for name in BrandOfMonthOut.model_fields},
                "brand_id": str(brand.brand_id),
            }
            for brand in row.brands
        ],
    }
