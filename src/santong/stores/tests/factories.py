"""Places for tests. Each function makes what the test is about and invents the rest."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime

from santong.stores.contracts import Hours, Location, LocationKind, LocationRow
from santong.stores.services.open_location import open_location

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)

_numbers = itertools.count(1)


def make_location(
    *,
    merchant_id: int,
    code: str = "",
    name: str = "西湖银泰店",
    kind: LocationKind = "store",
    latitude: float = 30.2936,
    longitude: float = 120.1614,
    brand_id: int | None = None,
    dealer_id: int | None = None,
    hours: Hours | None = None,
    daily_capacity: int | None = None,
    can_ship: bool = True,
    can_pickup: bool = True,
    can_courier: bool = False,
    accepts_returns: bool = True,
    serves_radius_metres: int | None = None,
    parcel_cost_minor: int = 900,
    handling_cost_minor: int = 150,
    accept_rate_ppm: int = 900_000,
    is_open: bool = True,
) -> Location:
    return open_location(
        merchant_id=merchant_id,
        code=code or f"L{next(_numbers)}",
        name=name,
        kind=kind,
        latitude=latitude,
        longitude=longitude,
        province="浙江省",
        city="杭州市",
        district="西湖区",
        brand_id=brand_id,
        dealer_id=dealer_id,
        hours=hours,
        daily_capacity=daily_capacity,
        can_ship=can_ship,
        can_pickup=can_pickup,
        can_courier=can_courier,
        accepts_returns=accepts_returns,
        serves_radius_metres=serves_radius_metres,
        parcel_cost_minor=parcel_cost_minor,
        handling_cost_minor=handling_cost_minor,
        accept_rate_ppm=accept_rate_ppm,
        is_open=is_open,
        now=NOW,
    )


def make_row(
    *,
    code: str = "",
    name: str = "西湖银泰店",
    kind: str = "store",
    latitude: float | None = 30.2936,
    longitude: float | None = 120.1614,
    province: str = "浙江省",
    city: str = "杭州市",
    timezone: str = "Asia/Shanghai",
    brand_code: str = "",
    dealer_code: str = "",
    hours: Hours | None = None,
    daily_capacity: int | None = None,
    parcel_cost_minor: int = 900,
    accept_rate_ppm: int = 900_000,
) -> LocationRow:
    return LocationRow(
        code=code or f"L{next(_numbers)}",
        name=name,
        kind=kind,
        latitude=latitude,
        longitude=longitude,
        province=province,
        city=city,
        timezone=timezone,
        brand_code=brand_code,
        dealer_code=dealer_code,
        hours=hours,
        daily_capacity=daily_capacity,
        parcel_cost_minor=parcel_cost_minor,
        accept_rate_ppm=accept_rate_ppm,
    )
