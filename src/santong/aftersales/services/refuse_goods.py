"""What came is not what was agreed on, or does not come at all."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales import contracts
from santong.aftersales.errors import CasePassed
from santong.aftersales.models import RefundStep, Repair, Replacement
from santong.aftersales.rules.fields import clean_reason
from santong.aftersales.services.count_units import free_units
from santong.aftersales.services.give_up_replacements import give_up_replacements
from santong.aftersales.services.lock_case import lines_of, lock_in, move, shown
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders


@all_or_nothing
def refuse_goods(*, merchant_id: int, case_id: int, reason: str, now: datetime) -> contracts.Case:
    """Hand back what was brought: the case is refused though it had been accepted.

    Nothing of it may have been taken in.

    Raises NoSuch, CasePassed, FieldInvalid. Emits CaseEnded. Locks the case, then orders and
    stock levels.
    """
    why = clean_reason(reason)
    case = lock_in(merchant_id=merchant_id, case_id=case_id, among={"awaiting_goods"})
    lines = lines_of(case)
    if any(line.sellable or line.damaged or line.settled for line in lines):
        raise CasePassed(case=case.number, state=case.state, wanted="nothing was taken in")
    give_up_replacements(case, reason=why, now=now)
    Repair.objects.of_merchant(merchant_id).filter(case=case.id).update(
        state="handed_back", was_declined=True, ended_at=now
    )
    order = orders.order_by_id(merchant_id=merchant_id, order_id=case.order_id)
    free_units(case, lines, order=order)
    case.why_ended = why
    move(case, to="refused", action="refuse_goods", reason=why, now=now)
    return shown(case)


@all_or_nothing
def close_short(*, merchant_id: int, case_id: int, reason: str, now: datetime) -> contracts.Case:
    """End a return of which only a part came: what came is paid back, the rest stays sold.

    Raises NoSuch, CasePassed, FieldInvalid. Emits CaseEnded. Locks the case and the order's
    counted lines.
    """
    why = clean_reason(reason)
    case = lock_in(merchant_id=merchant_id, case_id=case_id, among={"awaiting_goods"})
    lines = lines_of(case)
    steps = RefundStep.objects.of_merchant(merchant_id).filter(case=case.id)
    sent = Replacement.objects.of_merchant(merchant_id).filter(case=case.id, is_given_up=False)
    has_open = steps.exclude(state="done").exists() or sent.filter(is_delivered=False).exists()
    if case.kind not in {"return", "refund_only"} or has_open or not any(x.settled for x in lines):
        raise CasePassed(case=case.number, state=case.state, wanted="some of it is paid back")
    order = orders.order_by_id(merchant_id=merchant_id, order_id=case.order_id)
    free_units(case, lines, order=order)
    case.why_ended = why
    move(case, to="done", action="close_short", reason=why, now=now)
    return shown(case)
