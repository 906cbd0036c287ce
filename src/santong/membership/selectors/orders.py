"""An order as the rules of points read it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from santong.catalog import public as catalog
from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.selectors.bindings import programme_of_storefront
from santong.merchants import public as merchants
from santong.stores import public as stores

SOURCE = "orders"


@dataclass(frozen=True, slots=True)
class BoughtLine:
    """One line of an order, and what was paid for all of its pieces."""

    line_id: int
    sku_id: int
    quantity: int
    amount_minor: int


def key_of_order(order_id: int) -> str:
    """By which the purchase of an order is found again."""
    return str(order_id)


def purchase_of_order(
    *,
    merchant_id: int,
    order_id: int,
    member_id: int,
    storefront_id: int,
    location_id: int | None,
    guide_code: str,
    bought_at: datetime,
    currency: str,
    lines: Sequence[BoughtLine],
) -> contracts.Purchase | None:
    """What a member's order counts as; nothing where its storefront has no programme."""
    storefront = merchants.storefront_by_id(merchant_id=merchant_id, storefront_id=storefront_id)
    try:
        programme = programme_of_storefront(
            merchant_id=merchant_id, storefront_code=storefront.code
        )
    except NoSuch:
        return None
    skus = catalog.skus_by_id(merchant_id=merchant_id, sku_ids=[line.sku_id for line in lines])
    places = stores.locations_by_id(
        merchant_id=merchant_id, location_ids=[location_id] if location_id else []
    )
    return contracts.Purchase(
        source=SOURCE,
        key=key_of_order(order_id),
        member_id=member_id,
        programme_code=programme.code,
        channel=storefront.channel,
        location_code=places[location_id].code if location_id else "",
        guide_code=guide_code,
        bought_at=bought_at,
        awaits_delivery=True,
        currency=currency,
        lines=tuple(
            contracts.PurchaseLine(
                line=line.line_id,
                sku_code=skus[line.sku_id].code,
                category=skus[line.sku_id].category,
                quantity=line.quantity,
                amount_minor=line.amount_minor,
            )
            for line in lines
        ),
    )
