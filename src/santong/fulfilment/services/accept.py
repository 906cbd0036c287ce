"""A place says that it will send."""

from __future__ import annotations

from datetime import datetime

from santong.fulfilment import contracts
from santong.fulfilment.errors import OfferClosed
from santong.fulfilment.events import FulfilmentAccepted
from santong.fulfilment.models import Offer
from santong.fulfilment.services.work import lines_of, lock_work, step
from santong.kernel import outbox, tenancy
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def accept(
    *,
    merchant_id: int,
    fulfilment_order_id: int,
    location_ids: frozenset[int] | None = None,
    now: datetime,
) -> contracts.FulfilmentOrder:
    """Take an offered piece of work; accepted twice is accepted once.

    Raises NoSuch, StatePassed, OfferClosed. Emits FulfilmentAccepted. Locks the work.
    """
    row = lock_work(
        merchant_id=merchant_id, fulfilment_order_id=fulfilment_order_id, location_ids=location_ids
    )
    if row.state == "accepted":
        return row.as_contract(lines=lines_of(row))
    if row.state == "offered" and row.offer_expires_at is not None and row.offer_expires_at <= now:
        raise OfferClosed(fulfilment_order_id=row.id)
    row.accepted_at = now
    step(row, to="accepted", reason="the place accepts", now=now, changed=["accepted_at"])
    answer_offer(merchant_id=merchant_id, row_id=row.id, answer="accepted", reason="", now=now)
    outbox.publish(
        FulfilmentAccepted(
            order_id=row.order_id, fulfilment_order_id=row.id, location_id=row.location_id
        ),
        now=now,
    )
    return row.as_contract(lines=lines_of(row))


def answer_offer(
    *, merchant_id: int, row_id: int, answer: contracts.OfferAnswer, reason: str, now: datetime
) -> None:
    """Write the answer on the offer, with who gave it."""
    actor = tenancy.current().actor
    Offer.objects.of_merchant(merchant_id).filter(
        fulfilment_order_id=row_id, answer__in=("open", "accepted")
    ).update(
        answer=answer, answered_at=now, answered_by=f"{actor.kind}:{actor.name}", reason=reason
    )
