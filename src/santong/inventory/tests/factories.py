"""Stock for tests. Each function makes what the test is about and invents the rest."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from santong.catalog.tests.factories import make_sku
from santong.inventory.contracts import Level, Reservation, ReserveLine
from santong.inventory.selectors.levels import levels_of
from santong.inventory.services.receive import receive
from santong.inventory.services.reserve import reserve
from santong.inventory.services.set_safety_stock import set_safety_stock
from santong.kernel.facts import adapter, fact_types
from santong.kernel.models import OutboxEvent
from santong.stores import public as stores

NOW = datetime(2026, 11, 11, 7, 27, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
AFTER = NOW + timedelta(minutes=16)

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """A level of a test, by the names of its parts."""

    location_id: int
    sku_id: int


def make_location_id(*, merchant_id: int) -> int:
    number = next(_numbers)
    return stores.open_location(
        merchant_id=merchant_id,
        code=f"SH{number:03}",
        name=f"上海{number}店",
        kind="store",
        latitude=31.23,
        longitude=121.47,
        now=NOW,
    ).id


def make_sku_id(*, merchant_id: int) -> int:
    return make_sku(merchant_id=merchant_id).id


def make_level(
    *,
    merchant_id: int,
    on_hand: int = 10,
    allocated: int = 0,
    reserved: int = 0,
    safety_stock: int = 0,
    location_id: int | None = None,
    sku_id: int | None = None,
) -> Place:
    """A level that has come to be what it is by commands, as every level does."""
    place = Place(
        location_id=location_id or make_location_id(merchant_id=merchant_id),
        sku_id=sku_id or make_sku_id(merchant_id=merchant_id),
    )
    put(merchant_id=merchant_id, place=place, quantity=on_hand)
    for quantity, expires_at in ((allocated, None), (reserved, LATER)):
        if quantity:
            make_reservation(
                merchant_id=merchant_id, place=place, quantity=quantity, expires_at=expires_at
            )
    if safety_stock:
        set_safety_stock(
            merchant_id=merchant_id,
            location_id=place.location_id,
            quantity_by_sku={place.sku_id: safety_stock},
            reason="test",
            now=NOW,
        )
    return place


def put(*, merchant_id: int, place: Place, quantity: int) -> None:
    """Receive goods; of nothing, nothing."""
    if quantity:
        receive(
            merchant_id=merchant_id,
            location_id=place.location_id,
            quantity_by_sku={place.sku_id: quantity},
            reason="test",
            key=f"factory-{next(_numbers)}",
            now=NOW,
        )


def line(place: Place, quantity: int = 1, *, line_id: int = 1) -> ReserveLine:
    return ReserveLine(
        location_id=place.location_id, sku_id=place.sku_id, quantity=quantity, line_id=line_id
    )


def make_reservation(
    *,
    merchant_id: int,
    place: Place,
    quantity: int = 1,
    holder: str = "",
    line_id: int = 1,
    expires_at: datetime | None = LATER,
) -> Reservation:
    (made,) = reserve(
        merchant_id=merchant_id,
        holder=holder or new_holder(),
        lines=[line(place, quantity, line_id=line_id)],
        expires_at=expires_at,
        now=NOW,
    )
    return made


def new_holder() -> str:
    return f"order:{next(_numbers)}"


def level_at(*, merchant_id: int, place: Place) -> Level:
    (level,) = levels_of(
        merchant_id=merchant_id, location_ids=[place.location_id], sku_ids=[place.sku_id]
    )
    return level


def facts_told(*, merchant_id: int, kind: type[Any] | None = None) -> list[Any]:
    """What is in the outbox of a merchant, oldest first; of one kind, or of all of inventory."""
    names = [name for name in fact_types() if name.startswith("inventory.")]
    if kind is not None:
        names = [name for name in names if fact_types()[name].cls is kind]
    events = OutboxEvent.objects.filter(merchant_id=merchant_id, name__in=names).order_by("id")
    return [adapter(fact_types()[event.name].cls).validate_python(event.body) for event in events]


def counters(*, merchant_id: int, place: Place) -> Mapping[str, int]:
    """What a test most often asks of a level."""
    level = level_at(merchant_id=merchant_id, place=place)
    return {
        "on_hand": level.on_hand,
        "allocated": level.allocated,
        "reserved": level.reserved,
        "shortfall": level.shortfall,
        "atp": level.atp,
    }
