"""What is told of a paid order to whoever counts it for its member."""

from __future__ import annotations

from santong.orders import contracts
from santong.orders.events import BoughtLine, MemberBought


def bought_by_member(order: contracts.Order) -> list[MemberBought]:
    """The fact of a paid order that has a member; nothing of any other."""
    if order.member_id is None or order.paid_at is None:
        return []
    return [
        MemberBought(
            order_id=order.id,
            member_id=order.member_id,
            storefront_id=order.storefront_id,
            seller_location_id=order.seller_location_id,
            pickup_location_id=order.pickup_location_id,
            guide_code=order.guide_code,
            bought_at=order.paid_at,
            currency=order.currency,
            lines=tuple(
                BoughtLine(
                    line_id=line.id,
                    sku_id=line.sku_id,
                    quantity=line.quantity,
                    amount_minor=line.line_total_minor,
                )
                for line in order.lines
            ),
        )
    ]
