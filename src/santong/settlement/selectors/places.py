"""Places as rules see them, and where something was sold."""

from __future__ import annotations

from santong.merchants import public as merchants
from santong.settlement.contracts import Place, Sold
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


def sold_at(
    *, merchant_id: int, storefront_id: int, seller_location_id: int | None, clerk: str
) -> Sold:
    """Where and by whom something is sold, by the codes that rules name."""
    storefront = merchants.storefront_by_id(merchant_id=merchant_id, storefront_id=storefront_id)
    brand = (
        merchants.brand_by_id(merchant_id=merchant_id, brand_id=storefront.brand_id).code
        if storefront.brand_id is not None
        else ""
    )
    return Sold(
        storefront=storefront.code,
        channel=storefront.channel,
        brand=brand,
        seller=place_by_id(merchant_id=merchant_id, location_id=seller_location_id),
        clerk=clerk,
    )
