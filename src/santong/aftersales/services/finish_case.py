"""A case ends by itself when all that was decided has happened."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales.models import Case, RefundStep, Repair, Replacement
from santong.aftersales.services.count_units import free_units
from santong.aftersales.services.lock_case import lines_of, move
from santong.orders import public as orders


def finish_if_done(case: Case, *, now: datetime) -> bool:
    """End a case of which nothing is left to do; say whether it has ended. The case is locked.

    Units that stay with the buyer can be in another case. Emits CaseEnded.
    """
    if case.state != "working" or not _is_done(case):
        return False
    lines = lines_of(case)
    order = orders.order_by_id(merchant_id=case.merchant_id, order_id=case.order_id)
    free_units(case, lines, order=order)
    move(case, to="done", action="finish_case", reason="all is done", now=now)
    return True


def _is_done(case: Case) -> bool:
    steps = RefundStep.objects.of_merchant(case.merchant_id).filter(case=case.id)
    if steps.exclude(state="done").exists():
        return False
    sent = Replacement.objects.of_merchant(case.merchant_id).filter(case=case.id, is_given_up=False)
    if sent.filter(is_delivered=False).exists():
        return False
    if case.kind in {"resend", "exchange"} and not sent.exists():
        return False
    repairs = Repair.objects.of_merchant(case.merchant_id).filter(case=case.id)
    return not repairs.exclude(state="handed_back").exists()
