from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.http.etags import refuse_moved
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants
from santong.stores import contracts
from santong.stores.models import LOCATION_FIELDS, Location, MapVersion
from santong.stores.rules.rows import GoodRow, check_rows
from santong.stores.services.tell_changes import tell_changes

_OWNERS = frozenset({"brand_id", "dealer_id"})


@all_or_nothing
def update_location(
    *,
    merchant_id: int,
    location_id: int,
    changes: contracts.LocationChanges,
    expected_version: int | None = None,
    now: datetime,
) -> contracts.Location:
    """Change a place, if it is still as the caller saw it; changing nothing leaves it untouched.

    Raises NoSuch (location, brand, dealer), VersionMoved, FieldInvalid. Emits LocationChanged.
    Locks the map, then the place.
    """
    MapVersion.objects.take(merchant_id=merchant_id)
    rows = Location.objects.of_merchant(merchant_id).filter(id=location_id)
    location: Location | None = rows.lock().first()
    if location is None:
        raise NoSuch(kind="location", key=str(location_id))
    if expected_version is not None:
        refuse_moved(expected=expected_version, version=location.version)
    before = {field: getattr(location, field) for field in LOCATION_FIELDS}
    _become(location, changes)
    differing = {
        field: value for field, value in before.items() if getattr(location, field) != value
    }
    if differing:
        location.version += 1
        location.changed_at = now
        location.save(update_fields=[*differing, "version", "changed_at"])
        tell_changes(
            merchant_id=merchant_id,
            opened=[],
            changed=[(location, differing)],
            reason="changed",
            now=now,
        )
    return location.as_contract()


def _become(location: Location, changes: contracts.LocationChanges) -> None:
    brand_id = changes.get("brand_id", location.brand_id)
    dealer_id = changes.get("dealer_id", location.dealer_id)
    if brand_id is not None and brand_id != location.brand_id:
        merchants.brand_by_id(merchant_id=location.merchant_id, brand_id=brand_id)
    if dealer_id is not None and dealer_id != location.dealer_id:
        merchants.dealer_by_id(merchant_id=location.merchant_id, dealer_id=dealer_id)
    good = _checked(location.as_contract(), changes)
    location.become(good, brand_id=brand_id, dealer_id=dealer_id)


def _checked(location: contracts.Location, changes: contracts.LocationChanges) -> GoodRow:
    now_is = contracts.LocationRow(
        code=location.code,
        name=location.name,
        kind=location.kind,
        latitude=location.latitude,
        longitude=location.longitude,
        country=location.country,
        province=location.province,
        city=location.city,
        district=location.district,
        address=location.address,
        timezone=location.timezone,
        hours=location.hours,
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
    )
    wanted: dict[str, Any] = {name: value for name, value in changes.items() if name not in _OWNERS}
    good, errors = check_rows([replace(now_is, **wanted)])
    for error in errors:
        raise FieldInvalid(pointer=f"/{error.column}", reason=error.reason)
    return good[0]
