"""A link for the buyer of an order: the receipt, and where they ask for their invoice."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.invoicing.errors import NotPaid
from santong.invoicing.selectors.links import token_of
from santong.invoicing.services.open_sale import open_sale
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def open_link(*, merchant_id: int, order_id: int, days: int, now: datetime) -> str:
    """The token of a link that is good for so many days, or until its buyer is forgotten.

    Raises NoSuch, NotPaid. Locks the sale.
    """
    order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
    if order.paid_at is None:
        raise NotPaid(document=orders.document_of(order_id=order_id))
    sale, _ = open_sale(merchant_id=merchant_id, order=order)
    return token_of(sale=sale, until=now + timedelta(days=days))
