"""What a paid order still has to send and nobody has promised."""

from __future__ import annotations

from collections.abc import Iterable

from santong.inventory import public as inventory
from santong.orders import contracts
from santong.orders.rules.holders import holder_of
from santong.orders.rules.progress import short_by_line
from santong.orders.rules.states import SHIPPABLE


def unfilled_of(*, merchant_id: int, order: contracts.Order) -> dict[int, int]:
    """Units by line that are firmly promised from nowhere, of an order that may be sent."""
    if order.state not in SHIPPABLE:
        return {}
    promised = inventory.reservations_of(
        merchant_id=merchant_id, holder=holder_of(order_id=order.id)
    )
    return short_by_line(order.lines, promised_by_line=firm_by_line(promised))


def firm_by_line(reservations: Iterable[inventory.Reservation]) -> dict[int, int]:
    """What is firmly promised and has not left, over all places."""
    firm: dict[int, int] = {}
    for each in reservations:
        if each.state == "allocated":
            firm[each.line_id] = firm.get(each.line_id, 0) + each.live_quantity
    return firm
