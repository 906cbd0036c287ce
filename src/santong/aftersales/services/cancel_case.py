"""The buyer does not want it after all."""

from __future__ import annotations

from datetime import datetime

from santong.aftersales import contracts
from santong.aftersales.errors import CasePassed
from santong.aftersales.rules.fields import clean_reason
from santong.aftersales.services.count_units import free_units
from santong.aftersales.services.give_up_replacements import give_up_replacements
from santong.aftersales.services.lock_case import lines_of, lock_case, move, shown
from santong.kernel.tenancy import all_or_nothing
from santong.orders import public as orders

CANCELLABLE = frozenset({"requested", "awaiting_goods"})


@all_or_nothing
def cancel_case(*, merchant_id: int, case_id: int, reason: str, now: datetime) -> contracts.Case:
    """Give a case up of which nothing has come back yet; cancelled twice is cancelled once.

    What waited to be sent instead is free again, and the units can be in another case.

    Raises NoSuch, CasePassed, FieldInvalid. Emits CaseEnded. Locks the case, then orders and
    stock levels.
    """
    why = clean_reason(reason)
    case = lock_case(merchant_id=merchant_id, case_id=case_id)
    if case.state == "cancelled":
        return shown(case)
    lines = lines_of(case)
    has_begun = any(line.sellable or line.damaged or line.settled for line in lines)
    if case.state not in CANCELLABLE or has_begun:
        raise CasePassed(case=case.number, state=case.state, wanted="nothing has come back")
    give_up_replacements(case, reason=why, now=now)
    order = orders.order_by_id(merchant_id=merchant_id, order_id=case.order_id)
    free_units(case, lines, order=order)
    case.why_ended = why
    move(case, to="cancelled", action="cancel_case", reason=why, now=now)
    return shown(case)
