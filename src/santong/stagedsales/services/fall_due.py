"""Stages whose day has come."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from santong.kernel.errors import Busy
from santong.kernel.tenancy import all_or_nothing
from santong.stagedsales.models import Stage
from santong.stagedsales.rules.states import UNDER_CONTRACT
from santong.stagedsales.services.lock import lock_sale
from santong.stagedsales.services.settle import follow


@all_or_nothing
def fall_due(*, merchant_id: int, now: datetime, limit: int = 200) -> int:
    """Let stages be due whose day has come; how many sales had one. Twice is once.

    Emits StageDue. Locks sales, one by one; one that somebody works on waits for the next round.
    """
    rows = Stage.objects.of_merchant(merchant_id).filter(
        state="planned", due_at__lte=now, sale__state__in=UNDER_CONTRACT
    )
    ids = list(
        dict.fromkeys(rows.order_by("due_at", "id").values_list("sale_id", flat=True)[:limit])
    )
    return sum(_follow(merchant_id, sale_id, now) for sale_id in ids)


def _follow(merchant_id: int, sale_id: int, now: datetime) -> bool:
    try:
        with transaction.atomic():
            held = lock_sale(merchant_id=merchant_id, sale_id=sale_id)
            if held.sale.state not in UNDER_CONTRACT:
                return False
            follow(held, now=now)
    except Busy:
        return False
    return True
