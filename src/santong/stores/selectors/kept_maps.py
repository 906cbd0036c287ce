"""The maps that this process keeps.

Every change of a place raises its merchant's version in the same transaction. A kept map is trusted
for two seconds; then one small query says whether it is still the newest. So a change is seen
everywhere within two seconds, and at once in the process that made it.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from django.db import connection, transaction

from santong.stores.contracts import Capability, Near
from santong.stores.models import Location, MapVersion
from santong.stores.rules.maps import LocationMap, Place, drawn

SECONDS_TRUSTED: Final = 2.0
MOST_KEPT: Final = 64

_COLUMNS = (
    "id",
    "code",
    "kind",
    "brand_id",
    "dealer_id",
    "latitude",
    "longitude",
    "hours",
    "timezone",
    "daily_capacity",
    "can_ship",
    "can_pickup",
    "can_courier",
    "accepts_returns",
    "serves_radius_metres",
    "parcel_cost_minor",
    "handling_cost_minor",
    "accept_rate_ppm",
    "is_open",
)


@dataclass(slots=True)
class _Kept:
    """A merchant's map, and when it was last known to be the newest."""

    map: LocationMap | None = None
    checked_at: float = 0.0
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)


_kept: OrderedDict[int, _Kept] = OrderedDict()
_keeping = threading.Lock()


def location_map(*, merchant_id: int) -> LocationMap:
    """All places of a merchant, at most two seconds old."""
    if _is_changing(merchant_id):
        return _draw(merchant_id, _newest_version(merchant_id))
    kept = _kept_of(merchant_id)
    found = kept.map
    if found is not None and time.monotonic() - kept.checked_at < SECONDS_TRUSTED:
        return found
    with kept.one_at_a_time:
        asked_at = time.monotonic()
        if kept.map is not None and asked_at - kept.checked_at < SECONDS_TRUSTED:
            return kept.map
        # The version first: rows that are newer than it are only drawn once more.
        version = _newest_version(merchant_id)
        if kept.map is None or kept.map.version != version:
            kept.map = _draw(merchant_id, version)
        kept.checked_at = asked_at
        return kept.map


def nearest(
    *,
    merchant_id: int,
    latitude: float,
    longitude: float,
    limit: int = 10,
    capability: Capability | None = None,
) -> list[Near]:
    """The nearest places in work that can do something, nearest first, then by id."""
    return location_map(merchant_id=merchant_id).nearest(
        latitude=latitude, longitude=longitude, limit=limit, capability=capability
    )


@dataclass(frozen=True, slots=True)
class ForgetOnCommit:
    """What runs after a commit that changed a merchant's places."""

    merchant_id: int

    def __call__(self) -> None:
        _kept_of(self.merchant_id).checked_at = 0.0


def forget_on_commit(*, merchant_id: int) -> None:
    """Say that the open transaction changes places: it sees its own, and then all is asked anew."""
    if not _is_changing(merchant_id):
        transaction.on_commit(ForgetOnCommit(merchant_id))


def _is_changing(merchant_id: int) -> bool:
    """Whether the open transaction has changed places.

    Django keeps what is to run after the commit for as long as the transaction lasts, and drops it
    with a rollback, also of a savepoint: exactly as long as there are uncommitted rows.
    """
    wanted = ForgetOnCommit(merchant_id)
    return any(entry[1] == wanted for entry in connection.run_on_commit)


def _kept_of(merchant_id: int) -> _Kept:
    with _keeping:
        kept = _kept.setdefault(merchant_id, _Kept())
        _kept.move_to_end(merchant_id)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
        return kept


def _newest_version(merchant_id: int) -> int:
    row = MapVersion.objects.of_merchant(merchant_id).values_list("version", flat=True).first()
    return row or 0


def _draw(merchant_id: int, version: int) -> LocationMap:
    rows = Location.objects.of_merchant(merchant_id).values_list(*_COLUMNS)
    places = [Place(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]
    return drawn(places=places, version=version)
