"""What a case sent has come, or is not sent after all."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.models import Replacement
from santong.aftersales.services.finish_case import finish_if_done
from santong.aftersales.services.lock_case import lock_case, move
from santong.kernel.tenancy import all_or_nothing

GONE = "replacement_gone"


@all_or_nothing
def follow_delivery(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """An order that a case made has come, whole. Emits CaseEnded. Locks the case."""
    found = Replacement.objects.of_merchant(merchant_id).filter(order_id=order_id).first()
    if found is None:
        return
    case = lock_case(merchant_id=merchant_id, case_id=found.case_id)
    Replacement.objects.of_merchant(merchant_id).filter(id=found.id).update(is_delivered=True)
    finish_if_done(case, now=now)


@all_or_nothing
def follow_cancellation(*, merchant_id: int, order_id: int, now: datetime) -> None:
    """An order that a case made was given up by others: somebody decides anew.

    Nothing of the case may be off the sale; else it waits as it is, and says so. Locks the case.
    """
    found = Replacement.objects.of_merchant(merchant_id).filter(order_id=order_id).first()
    if found is None or found.is_given_up:
        return
    case = lock_case(merchant_id=merchant_id, case_id=found.case_id)
    Replacement.objects.of_merchant(merchant_id).filter(id=found.id).update(is_given_up=True)
    if case.ended_at is not None:
        return
    case.waits_for = GONE
    has_moved = (
        case.lines.filter(sellable__gt=0).exists() or case.lines.filter(damaged__gt=0).exists()
    )
    stays = has_moved or case.lines.filter(settled__gt=0).exists()
    to = case.state if stays else "requested"
    move(case, to=to, action="replacement_gone", reason="not sent after all", now=now)  # type: ignore[arg-type]  # the constraint vouches
