from __future__ import annotations

from datetime import datetime

from santong.kernel import bulk
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.stores import contracts
from santong.stores.errors import CodeTaken
from santong.stores.models import Location, MapVersion
from santong.stores.rules.rows import check_rows
from santong.stores.services.tell_changes import tell_changes


@all_or_nothing
def open_location(
    *,
    merchant_id: int,
    code: str,
    name: str,
    kind: contracts.LocationKind,
    latitude: float,
    longitude: float,
    country: str = "CN",
    province: str = "",
    city: str = "",
    district: str = "",
    address: str = "",
    timezone: str = "Asia/Shanghai",
    brand_id: int | None = None,
    dealer_id: int | None = None,
    hours: contracts.Hours | None = None,
    daily_capacity: int | None = None,
    can_ship: bool = True,
    can_pickup: bool = True,
    can_courier: bool = False,
    accepts_returns: bool = True,
    serves_radius_metres: int | None = None,
    parcel_cost_minor: int = 0,
    handling_cost_minor: int = 0,
    accept_rate_ppm: int = 1_000_000,
    is_open: bool = True,
    now: datetime,
) -> contracts.Location:
    """Open a new place that holds stock.

    Raises CodeTaken, FieldInvalid, NoSuch (brand, dealer). Emits LocationOpened. Locks the map.
    """
    good, errors = check_rows(
        [
            contracts.LocationRow(
                code=code,
                name=name,
                kind=kind,
                latitude=latitude,
                longitude=longitude,
                country=country,
                province=province,
                city=city,
                district=district,
                address=address,
                timezone=timezone,
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
            )
        ]
    )
    for error in errors:
        raise FieldInvalid(pointer=f"/{error.column}", reason=error.reason)
    _refuse_strangers(merchant_id, brand_id, dealer_id)
    MapVersion.objects.take(merchant_id=merchant_id)
    location = Location(
        merchant_id=merchant_id, code=good[0].row.code, created_at=now, changed_at=now
    )
    location.become(good[0], brand_id=brand_id, dealer_id=dealer_id)
    if not bulk.insert_new([location], unique=["merchant_id", "code"]):
        raise CodeTaken(taken=location.code)
    tell_changes(merchant_id=merchant_id, opened=[location], changed=[], reason="opened", now=now)
    return location.as_contract()


def _refuse_strangers(merchant_id: int, brand_id: int | None, dealer_id: int | None) -> None:
    if brand_id is not None:
        merchants.brand_by_id(merchant_id=merchant_id, brand_id=brand_id)
    if dealer_id is not None:
        merchants.dealer_by_id(merchant_id=merchant_id, dealer_id=dealer_id)
