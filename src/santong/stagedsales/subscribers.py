"""What stagedsales does when it hears of money, deliveries and visits."""

from __future__ import annotations

from datetime import datetime

import structlog
from django.db import transaction

from santong.fieldservice.events import VisitAccepted
from santong.kernel.errors import NoSuch
from santong.kernel.facts import subscribe
from santong.orders.events import OrderDelivered
from santong.payments.events import DisputeChanged, MoneyReceived, RefundDone
from santong.stagedsales.contracts import sale_of_document, sale_of_subject
from santong.stagedsales.services.follow_dispute import follow_dispute
from santong.stagedsales.services.record_delivery import see_delivery, see_visit
from santong.stagedsales.services.take_in_money import take_in_money

log = structlog.get_logger(__name__)


@subscribe(MoneyReceived, RefundDone)
def see_money(fact: MoneyReceived | RefundDone, *, merchant_id: int, now: datetime) -> None:
    """Money of a sale came in or went back."""
    found = sale_of_document(fact.document)
    if found is None:
        return
    sale_id, number = found
    try:
        with transaction.atomic():
            take_in_money(merchant_id=merchant_id, sale_id=sale_id, number=number, now=now)
    except NoSuch:
        log.warning("money_of_no_staged_sale", document=fact.document)


@subscribe(DisputeChanged)
def see_dispute(fact: DisputeChanged, *, merchant_id: int, now: datetime) -> None:
    """A buyer fights about money of a sale, or that was decided."""
    found = sale_of_document(fact.document)
    if found is not None:
        follow_dispute(merchant_id=merchant_id, sale_id=found[0], now=now)


@subscribe(OrderDelivered)
def see_goods(fact: OrderDelivered, *, merchant_id: int, now: datetime) -> None:
    """All that was ordered for a sale has come."""
    if fact.is_whole:
        see_delivery(merchant_id=merchant_id, order_id=fact.order_id, now=now)


@subscribe(VisitAccepted)
def see_work(fact: VisitAccepted, *, merchant_id: int, now: datetime) -> None:
    """Work at the buyer's was accepted; what only prepared it accepts no stage."""
    sale_id = sale_of_subject(fact.document)
    if sale_id is not None and not fact.is_preparation:
        see_visit(
            merchant_id=merchant_id,
            sale_id=sale_id,
            provider_code=fact.provider_code,
            now=now,
        )
