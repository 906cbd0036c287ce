"""Book a visit, move it to another window or another technician, and confirm it."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.errors import StillWaits, TooLateToChange
from santong.fieldservice.events import VisitBooked, VisitRescheduled
from santong.fieldservice.models import Slot, Technician, Visit
from santong.fieldservice.rules.states import MOVABLE
from santong.fieldservice.rules.terms import change_terms
from santong.fieldservice.services.promises import promise
from santong.fieldservice.services.record import (
    check_state,
    go,
    locked_visit,
    release_slots,
    save,
)
from santong.fieldservice.services.take_time import take_time
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def book(
    *,
    merchant_id: int,
    visit_id: int,
    window_from: datetime,
    technician_id: int | None = None,
    now: datetime,
) -> contracts.Visit:
    """Book a window: with who is held for it, or with the cheapest who can come.

    A dispatcher may name the technician. Booking the same window again changes nothing.

    Raises NoSuch, StillWaits, VisitPassed, SlotTaken, CannotCome. Emits VisitBooked. Locks the
    visit, then the technician.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state == "requested":
        raise StillWaits(visit_id=str(visit_id))
    if visit.state in MOVABLE and visit.window_from == window_from:
        return visit.as_contract()
    check_state(visit, ["offered"], wanted="offered")
    slot = _booked(visit, window_from, technician_id, now)
    take_on(visit, slot)
    visit.booked_at = now
    go(visit, "booked", action="book", reason="booked", now=now)
    promise(visit, now=now)
    window = slot.as_contract().window
    outbox.publish(
        VisitBooked(
            visit_id=visit.id,
            document=visit.document,
            service_type=visit.service_type.code,
            provider_code=visit.provider.code if visit.provider else "",
            technician_id=slot.technician_id,
            window_from=window.starts_at,
            window_until=window.ends_at,
        ),
        now=now,
    )
    return visit.as_contract()


@all_or_nothing
def reschedule(
    *,
    merchant_id: int,
    visit_id: int,
    window_from: datetime,
    technician_id: int | None = None,
    by: contracts.Side,
    reason: str,
    now: datetime,
) -> contracts.Visit:
    """Come in another window, or let somebody else come; refused, the old time stays.

    A buyer may until the terms of the service call it late; who works for the shop or the provider
    (`technician`) until somebody is on the way.

    Raises NoSuch, VisitPassed, TooLateToChange, SlotTaken, CannotCome. Emits VisitRescheduled.
    Locks the visit, then the technician.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    check_state(visit, MOVABLE, wanted="booked")
    if visit.window_from == window_from and technician_id in {None, visit.technician_id}:
        return visit.as_contract()
    service = visit.service_type
    terms = change_terms(
        window_from=visit.window_from,
        free_hours=service.free_change_hours,
        late_fee_minor=service.late_fee_minor,
        now=now,
    )
    if by == "buyer" and terms.is_late:
        raise TooLateToChange(visit_id=str(visit_id))
    before = _told(visit)
    release_slots(visit, states=["booked"])
    slot = _booked(visit, window_from, technician_id, now)
    if slot.window_from != visit.window_from:
        # Who was not there at another time says nothing about this one.
        visit.buyer_reported_at = visit.technician_reported_at = None
    take_on(visit, slot)
    visit.state = "booked"
    save(visit, action="reschedule", reason=reason, before=before, now=now)
    promise(visit, now=now)
    tell_rescheduled(visit, by=by, now=now)
    return visit.as_contract()


@all_or_nothing
def confirm(*, merchant_id: int, visit_id: int, now: datetime) -> contracts.Visit:
    """The booked time is confirmed. Asked again, nothing changes.

    Raises NoSuch, VisitPassed. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.state != "confirmed":
        go(visit, "confirmed", action="confirm", reason="confirmed", now=now)
    return visit.as_contract()


def take_on(visit: Visit, slot: Slot) -> None:
    """Say on a visit who comes and when; its calendar entry is a new one of the same name."""
    person = (
        Technician.objects.of_merchant(visit.merchant_id)
        .select_related("provider")
        .get(id=slot.technician_id)
    )
    visit.technician, visit.provider = person, person.provider
    visit.window_from, visit.window_until = slot.window_from, slot.window_until
    visit.starts_at, visit.ends_at = slot.starts_at, slot.ends_at
    visit.sequence += 1


def tell_rescheduled(visit: Visit, *, by: str, now: datetime) -> None:
    """To whoever listens."""
    assert visit.window_from is not None
    assert visit.window_until is not None
    assert visit.technician_id is not None
    outbox.publish(
        VisitRescheduled(
            visit_id=visit.id,
            document=visit.document,
            provider_code=visit.provider.code if visit.provider else "",
            technician_id=visit.technician_id,
            window_from=visit.window_from,
            window_until=visit.window_until,
            by=by,
        ),
        now=now,
    )


def _booked(visit: Visit, window_from: datetime, technician_id: int | None, now: datetime) -> Slot:
    """The slot that is held for this window becomes booked; else time is taken now."""
    held = (
        Slot.objects.of_merchant(visit.merchant_id)
        .filter(visit=visit, state="held", held_until__gt=now)
        .lock()
        .first()
    )
    if (
        held is not None
        and held.window_from == window_from
        and technician_id in {None, held.technician_id}
    ):
        held.state, held.held_until = "booked", None
        held.save(update_fields=["state", "held_until"])
        return held
    release_slots(visit, states=["held"])
    return take_time(
        visit=visit,
        window_from=window_from,
        state="booked",
        held_until=None,
        technician_id=technician_id,
        now=now,
    )


def _told(visit: Visit) -> dict[str, object]:
    return {
        "technician": visit.technician_id,
        "starts_at": visit.starts_at.isoformat() if visit.starts_at else None,
    }
