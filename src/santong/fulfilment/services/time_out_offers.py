"""Places that did not answer in time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.fulfilment.errors import StatePassed
from santong.fulfilment.models import FulfilmentOrder
from santong.fulfilment.services.decline import give_back
from santong.fulfilment.services.work import lines_of
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def time_out_offers(*, merchant_id: int, now: datetime, limit: int = 50) -> int:
    """Give work to others whose offers have ended unanswered; say how many.

    Work that somebody is answering at this moment is left to them, and work of an order that was
    cancelled is left to whoever ends it.

    Emits FulfilmentDeclined, FulfilmentOffered, ExceptionOpened. Locks work, then stock levels.
    """
    due = (
        FulfilmentOrder.objects.of_merchant(merchant_id)
        .filter(state="offered", offer_expires_at__lte=now)
        .order_by("id")
        .select_for_update(skip_locked=True, of=("self",))[:limit]
    )
    return sum([_time_out(row, now) for row in list(due)])


def _time_out(row: FulfilmentOrder, now: datetime) -> bool:
    lines = lines_of(row)
    try:
        with transaction.atomic():  # lets the other rows go on after a refusal
            give_back(
                row=row,
                lines=lines,
                declined={line.order_line_id: line.quantity for line in lines},
                reason="timed_out",
                now=now,
            )
    except StatePassed:
        return False
    return True
