"""Places with their hours, for agents."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field, model_validator

from santong.agents.tools.registry import Asked, Call, Told, Tool, Words
from santong.agents.tools.shapes import Cursor, Limit, Text
from santong.kernel.http.pages import before_id, cursor_after
from santong.stores import public as stores

Degrees = Annotated[float, Field(allow_inf_nan=False)]


class FindPlaces(Asked):
    """Places near a point, or by the beginning of a code or part of a name or city."""

    latitude: Annotated[Degrees | None, Field(ge=-90, le=90, description="WGS-84")] = None
    longitude: Annotated[Degrees | None, Field(ge=-180, le=180)] = None
    capability: stores.Capability | None = None
    search: Text = ""
    cursor: Cursor = None
    limit: Limit = 10

    @model_validator(mode="after")
    def _a_point_has_both(self) -> FindPlaces:
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("latitude and longitude come together")
        if self.latitude is not None and (self.search or self.cursor):
            raise ValueError("either near a point, or by words")
        return self


class PlaceTold(Told):
    """A place and when somebody is in. `hours` are local times by weekday; null never closes."""

    location_id: str
    code: str
    name: str
    kind: str
    province: str
    city: str
    district: str
    address: str
    distance_metres: int | None
    is_switched_on: bool
    is_open_now: bool
    next_opening: datetime | None
    timezone: str
    hours: dict[str, list[list[str]]] | None
    can_ship: bool
    can_pickup: bool
    can_courier: bool
    accepts_returns: bool


class PlacesFound(Told):
    """Places; near a point, the nearest first."""

    places: list[PlaceTold]
    next_cursor: str | None


def _find(call: Call, asked: FindPlaces) -> PlacesFound:
    if asked.latitude is not None and asked.longitude is not None:
        return _near(call, asked, asked.latitude, asked.longitude)
    found = stores.locations_page(
        merchant_id=call.merchant_id,
        search=asked.search,
        location_ids=call.actor.location_ids,
        below_id=before_id(asked.cursor),
        limit=asked.limit + 1,
    )
    shown = found[: asked.limit]
    return PlacesFound(
        places=[
            _told(place, call.now, None)
            for place in shown
            if asked.capability is None or _can(place, asked.capability)
        ],
        next_cursor=cursor_after(shown[-1].id) if len(found) > asked.limit else None,
    )


def _near(call: Call, asked: FindPlaces, latitude: float, longitude: float) -> PlacesFound:
    near = stores.nearest(
        merchant_id=call.merchant_id,
        latitude=latitude,
        longitude=longitude,
        limit=asked.limit,
        capability=asked.capability,
    )
    places = stores.locations_by_id(
        merchant_id=call.merchant_id, location_ids=[each.location_id for each in near]
    )
    return PlacesFound(
        places=[
            _told(places[each.location_id], call.now, each.distance_metres)
            for each in near
            if each.location_id in places
        ],
        next_cursor=None,
    )


def _can(place: stores.Location, capability: stores.Capability) -> bool:
    return {
        "ship": place.can_ship,
        "pickup": place.can_pickup,
        "courier": place.can_courier,
        "returns": place.accepts_returns,
    }[capability]


def _told(place: stores.Location, now: datetime, metres: int | None) -> PlaceTold:
    hours = None
    if place.hours is not None:
        hours = {day: [list(each) for each in spans] for day, spans in place.hours.items()}
    return PlaceTold(
        location_id=str(place.id),
        code=place.code,
        name=place.name,
        kind=place.kind,
        province=place.province,
        city=place.city,
        district=place.district,
        address=place.address,
        distance_metres=metres,
        is_switched_on=place.is_open,
        is_open_now=place.is_open
        and stores.is_open_at(hours=place.hours, timezone=place.timezone, at=now),
        next_opening=stores.next_opening(hours=place.hours, timezone=place.timezone, after=now),
        timezone=place.timezone,
        hours=hours,
        can_ship=place.can_ship,
        can_pickup=place.can_pickup,
        can_courier=place.can_courier,
        accepts_returns=place.accepts_returns,
    )


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool(
        name="find_places",
        title=Words(zh="查找门店", en="Find places"),
        about=Words(
            zh="附近的门店或仓库，或按名称、代码、城市查找；含营业时间和能力。",
            en="Stores and warehouses near a point, or by name, code or city; with hours and what"
            " they can do.",
        ),
        permission="stores.view",
        takes=FindPlaces,
        gives=PlacesFound,
        does=_find,
    ),
)
