"""What fieldservice does when it hears facts: goods have arrived, a store has a sale."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from santong.fieldservice.selectors.fees import visit_of_subject
from santong.fieldservice.services.ask_fee import take_in_fee
from santong.fieldservice.services.offer_visit import goods_arrived, name_seller
from santong.kernel.errors import NoSuch
from santong.kernel.facts import subscribe
from santong.orders import public as orders
from santong.orders.events import OrderDelivered
from santong.payments.events import MoneyReceived
from santong.stagedsales.events import CodeRedeemed, GoodsDelivered

log = structlog.get_logger(__name__)


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


@subscribe(MoneyReceived)
def see_fee(fact: MoneyReceived, *, merchant_id: int, now: datetime) -> None:
    """A fee has come in; what nobody owes of it goes back."""
    visit_id = visit_of_subject(fact.document)
    if visit_id is None:
        return
    try:
        with transaction.atomic():
            take_in_fee(merchant_id=merchant_id, visit_id=visit_id, now=now)
    except NoSuch:
        log.warning("money_of_no_visit", document=fact.document)
