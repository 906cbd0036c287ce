from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from santong.kernel import audit, outbox
from santong.merchants import public as merchants
from santong.stores.events import LocationChanged, LocationOpened
from santong.stores.models import Location
from santong.stores.selectors import kept_maps

_OWNERS = frozenset({"brand_id", "dealer_id"})


def tell_changes(
    *,
    merchant_id: int,
    opened: Sequence[Location],
    changed: Sequence[tuple[Location, Mapping[str, Any]]],
    reason: str,
    now: datetime,
) -> None:
    """Tell everybody of new places, and of others with what they were before.

    Emits LocationOpened, LocationChanged.
    """
    _tell_owners(merchant_id, opened, changed)
    audit.record(
        *(_opening(place, reason) for place in opened),
        *(_change(place, before, reason) for place, before in changed),
        now=now,
    )
    outbox.publish(
        *(
            LocationOpened(
                location_id=place.id,
                code=place.code,
                kind=place.kind,
                brand_id=place.brand_id,
                dealer_id=place.dealer_id,
                is_open=place.is_open,
            )
            for place in opened
        ),
        *(
            LocationChanged(
                location_id=place.id,
                code=place.code,
                kind=place.kind,
                brand_id=place.brand_id,
                dealer_id=place.dealer_id,
                is_open=place.is_open,
                fields=tuple(before),
            )
            for place, before in changed
        ),
        now=now,
    )
    if opened or changed:
        kept_maps.forget_on_commit(merchant_id=merchant_id)


def _tell_owners(
    merchant_id: int,
    opened: Sequence[Location],
    changed: Sequence[tuple[Location, Mapping[str, Any]]],
) -> None:
    """A brand's or a dealer's people may work at its places."""
    told = [place for place in opened if place.brand_id or place.dealer_id]
    told += [place for place, before in changed if _OWNERS & before.keys()]
    owners = [
        merchants.LocationOwner(
            location_id=place.id, brand_id=place.brand_id, dealer_id=place.dealer_id
        )
        for place in told
    ]
    if owners:
        merchants.record_location_owners(merchant_id=merchant_id, owners=owners)


def _opening(place: Location, reason: str) -> audit.Change:
    return audit.Change(
        action="stores.open_location",
        subject="location",
        subject_id=place.id,
        reason=reason,
        after={"code": place.code, "name": place.name, "is_open": place.is_open},
    )


def _change(place: Location, before: Mapping[str, Any], reason: str) -> audit.Change:
    return audit.Change(
        action="stores.update_location",
        subject="location",
        subject_id=place.id,
        reason=reason,
        before=before,
        after={field: getattr(place, field) for field in before},
    )
