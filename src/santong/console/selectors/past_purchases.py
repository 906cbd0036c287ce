"""What members bought in the past, for trying a draft on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from santong.catalog import public as catalog
from santong.membership import public as membership
from santong.merchants import public as merchants
from santong.orders import public as orders

# More than that is not waited for: the newest are taken.
MOST_ORDERS: Final = 5_000
AT_ONCE: Final = 1_000


def past_purchases(
    *, merchant_id: int, programme: membership.Programme, since: datetime, until: datetime
) -> list[membership.PastPurchase]:
    """Paid orders of members from the storefronts that the programme's brand sells on."""
    shops = {
        each.id: each.channel
        for each in merchants.storefronts(merchant_id=merchant_id)
        if each.brand_id in {None, programme.brand_id}
    }
    found = [
        each
        for each in _orders(merchant_id, since, until)
        if each.member_id is not None and each.is_paid and each.storefront_id in shops
    ]
    skus = catalog.skus_by_id(
        merchant_id=merchant_id,
        sku_ids={line.sku_id for order in found for line in order.lines},
    )
    return [
        membership.PastPurchase(
            member_id=order.member_id or 0,
            bought_at=order.paid_at or order.placed_at,
            channel=shops[order.storefront_id],
            lines=tuple(
                membership.PurchaseLine(
                    line.number,
                    line.sku_code,
                    skus[line.sku_id].category if line.sku_id in skus else "",
                    line.quantity,
                    line.line_total_minor,
                )
                for line in order.lines
            ),
        )
        for order in found
    ]


def _orders(merchant_id: int, since: datetime, until: datetime) -> Iterator[orders.Order]:
    below: int | None = None
    for _ in range(MOST_ORDERS // AT_ONCE):
        page = orders.orders_page(
            merchant_id=merchant_id,
            placed_from=since,
            placed_until=until,
            below_id=below,
            limit=AT_ONCE,
        )
        yield from page
        if len(page) < AT_ONCE:
            return
        below = min(order.id for order in page)
