"""HTTP: places, and the nearest of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import cast

from django.http import HttpResponse
from ninja import Query, Router, Status

from santong.kernel.errors import NoSuch
from santong.kernel.http import MerchantRequest, Page, id_of, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import before_id, page_of
from santong.stores import contracts
from santong.stores.api.schemas import (
    HoursBody,
    LocationFilters,
    LocationImportIn,
    LocationImportOut,
    LocationIn,
    LocationOut,
    LocationPatch,
    NearestFilters,
    NearestOut,
)
from santong.stores.api.shown import shown, shown_near
from santong.stores.selectors import kept_maps, locations
from santong.stores.services.import_locations import import_locations
from santong.stores.services.open_location import open_location
from santong.stores.services.update_location import update_location

router = Router(tags=["stores"])


@router.get("/locations", response=Page[LocationOut], auth=requires("stores.view"))
def list_locations(request: MerchantRequest, filters: Query[LocationFilters]) -> Page[LocationOut]:
    """Places, newest first."""
    found = locations.locations_page(
        merchant_id=request.merchant_id,
        search=filters.search,
        kind=filters.kind or "",
        is_open=filters.is_open,
        location_ids=request.actor.location_ids,
        below_id=before_id(filters.cursor),
        limit=filters.limit + 1,
    )
    return page_of(
        [shown(place) for place in found], limit=filters.limit, ids=[place.id for place in found]
    )


@router.post("/locations", response={201: LocationOut}, auth=requires("stores.edit"))
def open_a_location(
    request: MerchantRequest, response: HttpResponse, body: LocationIn
) -> Status[LocationOut]:
    """Open a new place that holds stock."""
    location = open_location(
        merchant_id=request.merchant_id,
        brand_id=_number_of(body.brand_id, "brand"),
        dealer_id=_number_of(body.dealer_id, "dealer"),
        hours=_hours(body.hours),
        now=datetime.now(UTC),
        **body.dict(exclude={"brand_id", "dealer_id", "hours"}),
    )
    set_etag(response, version=location.version)
    return Status(201, shown(location))


@router.get("/locations/nearest", response=NearestOut, auth=requires("stores.view"))
def list_nearest_locations(request: MerchantRequest, filters: Query[NearestFilters]) -> NearestOut:
    """The nearest places in work, nearest first, in a straight line over the ground."""
    near = kept_maps.nearest(
        merchant_id=request.merchant_id,
        latitude=filters.latitude,
        longitude=filters.longitude,
        limit=filters.limit,
        capability=filters.capability,
    )
    found = locations.locations_by_id(
        merchant_id=request.merchant_id, location_ids=[each.location_id for each in near]
    )
    return NearestOut(
        items=[
            shown_near(found[each.location_id], each.distance_metres)
            for each in near
            if each.location_id in found
        ]
    )


@router.post("/locations/import", response=LocationImportOut, auth=requires("stores.edit"))
def import_a_list_of_locations(
    request: MerchantRequest, body: LocationImportIn
) -> LocationImportOut:
    """Bring places by their codes: all of them, or none."""
    rows = [
        contracts.LocationRow(**row.dict(exclude={"hours"}), hours=_hours_of_row(row.hours))
        for row in body.rows
    ]
    report = import_locations(merchant_id=request.merchant_id, rows=rows, now=datetime.now(UTC))
    return LocationImportOut(
        created=report.created, changed=report.changed, unchanged=report.unchanged
    )


@router.get("/locations/{location_id}", response=LocationOut, auth=requires("stores.view"))
def show_a_location(
    request: MerchantRequest, response: HttpResponse, location_id: str
) -> LocationOut:
    """One place."""
    wanted = _own(request, location_id)
    found = locations.locations_by_id(merchant_id=request.merchant_id, location_ids=[wanted])
    if wanted not in found:
        raise NoSuch(kind="location", key=location_id)
    set_etag(response, version=found[wanted].version)
    return shown(found[wanted])


@router.patch("/locations/{location_id}", response=LocationOut, auth=requires("stores.edit"))
def update_a_location(
    request: MerchantRequest, response: HttpResponse, location_id: str, body: LocationPatch
) -> LocationOut:
    """Change a place that is still as the caller saw it (`If-Match`)."""
    sent = body.dict(exclude_unset=True)
    for owner, kind in (("brand_id", "brand"), ("dealer_id", "dealer")):
        if owner in sent:
            sent[owner] = _number_of(sent[owner], kind)
    if "hours" in sent:
        sent["hours"] = _hours(body.hours)
    location = update_location(
        merchant_id=request.merchant_id,
        location_id=_own(request, location_id),
        changes=cast("contracts.LocationChanges", sent),
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    set_etag(response, version=location.version)
    return shown(location)


def _own(request: MerchantRequest, location_id: str) -> int:
    """A place that the caller's grant reaches; any other is not there."""
    wanted = id_of(location_id, kind="location")
    if not request.actor.may_at(wanted):
        raise NoSuch(kind="location", key=location_id)
    return wanted


def _hours(body: HoursBody | None) -> contracts.Hours | None:
    return None if body is None else body.dict()


def _hours_of_row(sent: Mapping[str, list[list[str]]] | None) -> contracts.Hours | None:
    """Intervals of any length are handed on: the rules say what is wrong with them."""
    if sent is None:
        return None
    return {
        day: tuple(cast("tuple[str, str]", tuple(interval)) for interval in intervals)
        for day, intervals in sent.items()
    }


def _number_of(text: str | None, kind: str) -> int | None:
    return None if text is None else id_of(text, kind=kind)
