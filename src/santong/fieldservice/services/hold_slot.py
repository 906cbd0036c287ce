"""Hold somebody's time while a buyer decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from santong.fieldservice import contracts
from santong.fieldservice.errors import StillWaits
from santong.fieldservice.models import Slot
from santong.fieldservice.services.record import check_state, locked_visit, release_slots
from santong.fieldservice.services.take_time import take_time
from santong.kernel.tenancy import all_or_nothing

HELD_FOR = timedelta(minutes=10)
MAY_HOLD = ("offered", "booked", "confirmed")


@all_or_nothing
def hold_slot(
    *, merchant_id: int, visit_id: int, window_from: datetime, now: datetime
) -> contracts.Slot:
    """Keep a window free for a visit for ten minutes; another hold of the visit is let go.

    Nobody's time is counted twice: what a booked visit holds does not lie on its own booking, and
    moving there needs no hold. Raises NoSuch, StillWaits, VisitPassed, SlotTaken. Locks the visit,
    then the technician.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state == "requested":
        raise StillWaits(visit_id=str(visit_id))
    check_state(visit, MAY_HOLD, wanted="offered")
    release_slots(visit, states=["held"])
    return take_time(
        visit=visit,
        window_from=window_from,
        state="held",
        held_until=now + HELD_FOR,
        technician_id=None,
        now=now,
    ).as_contract()


@all_or_nothing
def release_hold(*, merchant_id: int, visit_id: int, now: datetime) -> None:
    """Let go what is held for a visit. Raises NoSuch. Locks the visit."""
    del now
    release_slots(locked_visit(merchant_id=merchant_id, visit_id=visit_id), states=["held"])


@all_or_nothing
def release_overdue_holds(*, merchant_id: int, now: datetime) -> int:
    """Let go what was held for too long; whoever takes time lets go what is in the way anyway."""
    rows = Slot.objects.of_merchant(merchant_id).filter(state="held", held_until__lte=now)
    return rows.update(state="released")
