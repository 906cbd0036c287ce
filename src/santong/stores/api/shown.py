"""How places are shown."""

from __future__ import annotations

from santong.stores import contracts
from santong.stores.api.schemas import HoursBody, LocationOut, NearOut


def shown(location: contracts.Location) -> LocationOut:
    return LocationOut(
        id=str(location.id),
        code=location.code,
        name=location.name,
        kind=location.kind,
        brand_id=_id(location.brand_id),
        dealer_id=_id(location.dealer_id),
        latitude=location.latitude,
        longitude=location.longitude,
        country=location.country,
        province=location.province,
        city=location.city,
        district=location.district,
        address=location.address,
        timezone=location.timezone,
        hours=None if location.hours is None else HoursBody.model_validate(location.hours),
        daily_capacity=location.daily_capacity,
        can_ship=location.can_ship,
        can_pickup=location.can_pickup,
        can_courier=location.can_courier,
        accepts_returns=location.accepts_returns,
        serves_radius_metres=location.serves_radius_metres,
        parcel_cost_minor=location.parcel_cost_minor,
        handling_cost_minor=location.handling_cost_minor,
        accept_rate_ppm=location.accept_rate_ppm,
        is_open=location.is_open,
        version=location.version,
    )


def shown_near(location: contracts.Location, distance_metres: int) -> NearOut:
    return NearOut(
        location_id=str(location.id),
        code=location.code,
        name=location.name,
        kind=location.kind,
        latitude=location.latitude,
        longitude=location.longitude,
        province=location.province,
        city=location.city,
        district=location.district,
        address=location.address,
        distance_metres=distance_metres,
    )


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
