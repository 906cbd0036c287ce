"""What fieldservice does when it hears facts: goods have arrived, a store has a sale."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice.services.offer_visit import goods_arrived, name_seller
from santong.kernel.facts import subscribe
from santong.orders import public as orders
from santong.orders.events import OrderDelivered
from santong.stagedsales.events import CodeRedeemed, GoodsDelivered


@subscribe(OrderDelivered)
def offer_installation(fact: OrderDelivered, *, merchant_id: int, now: datetime) -> None:
    """All of it is at the buyer's: whoever installs it can come."""
    if fact.is_whole:
        document = orders.document_of(order_id=fact.order_id)
        goods_arrived(merchant_id=merchant_id, document=document, now=now)


@subscribe(GoodsDelivered)
def offer_fitting(fact: GoodsDelivered, *, merchant_id: int, now: datetime) -> None:
    """What was bought in stages is at the buyer's: whoever fits it can come."""
    goods_arrived(merchant_id=merchant_id, document=f"stagedsale:{fact.sale_id}", now=now)


@subscribe(CodeRedeemed)
def show_to_the_store(fact: CodeRedeemed, *, merchant_id: int, now: datetime) -> None:
    """A store has taken the code of a sale: visits for it are visits of this store."""
    if fact.location_id is not None:
        name_seller(
            merchant_id=merchant_id,
            document=f"stagedsale:{fact.sale_id}",
            location_id=fact.location_id,
            now=now,
        )
