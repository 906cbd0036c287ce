"""Many orders in one request, each on its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from santong.gateway.contracts import IfShort
from santong.gateway.rules.handed_in import read_order
from santong.gateway.services.take_in_order import TakenIn, take_in_order
from santong.kernel.errors import DomainError


@transaction.atomic(savepoint=False)
def take_in_many(
    *, merchant_id: int, documents: Sequence[object], if_short: IfShort | None, now: datetime
) -> list[TakenIn | DomainError]:
    """Take in each order as if it came alone; a refused one leaves nothing behind.

    Each has a savepoint of its own in the one transaction: they are committed together.
    Locks stock levels, of all orders until the end.
    """
    outcomes: list[TakenIn | DomainError] = []
    for document in documents:
        try:
            with transaction.atomic():
                outcomes.append(
                    take_in_order(
                        merchant_id=merchant_id,
                        order=read_order(document=document),
                        if_short=if_short,
                        now=now,
                    )
                )
        except DomainError as refused:
            outcomes.append(refused)
    return outcomes
