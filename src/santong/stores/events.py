"""What happened to places."""

from __future__ import annotations

from dataclasses import dataclass

from santong.kernel.facts import fact


@fact("stores.location_opened.v1", aggregate="location_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class LocationOpened:
    """There is a new place that holds stock."""

    location_id: int
    code: str
    kind: str
    brand_id: int | None
    dealer_id: int | None
    is_open: bool


@fact("stores.location_changed.v1", aggregate="location_id")
@dataclass(frozen=True, kw_only=True, slots=True)
class LocationChanged:
    """Something of a place is different now; `fields` names what."""

    location_id: int
    code: str
    kind: str
    brand_id: int | None
    dealer_id: int | None
    is_open: bool
    fields: tuple[str, ...]
