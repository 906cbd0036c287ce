"""Places as rules see them."""

from __future__ import annotations

from santong.merchants import public as merchants
from santong.settlement.contracts import Place
from santong.stores import public as stores


def place_by_id(*, merchant_id: int, location_id: int | None) -> Place | None:
    """A place with its dealer by code; nothing for no place."""
    if location_id is None:
        return None
    found = stores.locations_by_id(merchant_id=merchant_id, location_ids=[location_id])
    place = found[location_id]
    if place.dealer_id is None:
        return Place(code=place.code)
    dealer = merchants.dealer_by_id(merchant_id=merchant_id, dealer_id=place.dealer_id)
    return Place(code=place.code, dealer=dealer.code)
