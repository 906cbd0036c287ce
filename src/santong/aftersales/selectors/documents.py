"""Which order a document's goods went out with."""

from __future__ import annotations

from santong.kernel.errors import NoSuch
from santong.kernel.http.pages import LARGEST_ID
from santong.orders import public as orders
from santong.stagedsales import public as stagedsales


def order_behind(*, merchant_id: int, document: str) -> orders.Order | None:
    """An order by its own document, or the order in which a staged sale's goods were sent."""
    order_id = orders.order_of_document(document=document)
    if order_id is None:
        order_id = _order_of_sale(merchant_id, document)
    if order_id is None or order_id > LARGEST_ID:
        return None
    found = orders.orders_by_id(merchant_id=merchant_id, order_ids=[order_id])
    return found.get(order_id)


def _order_of_sale(merchant_id: int, document: str) -> int | None:
    """Of the sale, or of one of its stages: `stagedsale:5`, `stagedsale:5-1`."""
    kind, _, number = document.partition(":")
    sale_id = number.partition("-")[0]
    is_sale = kind == "stagedsale" and sale_id.isascii() and sale_id.isdigit()
    if not is_sale or int(sale_id) > LARGEST_ID:
        return None
    try:
        return stagedsales.sale_by_id(merchant_id=merchant_id, sale_id=int(sale_id)).order_id
    except NoSuch:
        return None
