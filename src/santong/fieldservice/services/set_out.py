"""The technician is on the way, and begins."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.services.record import go, locked_visit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def set_out(*, merchant_id: int, visit_id: int, now: datetime) -> contracts.Visit:
    """The technician is on the way; nobody moves the visit any more. Said twice, it stays.

    Raises NoSuch, VisitPassed. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state != "en_route":
        go(visit, "en_route", action="set_out", reason="on the way", now=now)
    return visit.as_contract()


@all_or_nothing
def begin_work(*, merchant_id: int, visit_id: int, now: datetime) -> contracts.Visit:
    """Somebody let the technician in, and the work begins. Said twice, it stays.

    Raises NoSuch, VisitPassed. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state != "working":
        visit.begun_at = now
        go(visit, "working", action="begin_work", reason="the work begins", now=now)
    return visit.as_contract()
