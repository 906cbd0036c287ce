"""The technician is there: the place says so, or the buyer's code."""

from __future__ import annotations

from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.errors import TooFar
from santong.fieldservice.events import VisitCheckedIn
from santong.fieldservice.models import Visit
from santong.fieldservice.rules.states import MOVABLE
from santong.fieldservice.rules.terms import MOST_METRES
from santong.fieldservice.rules.travel import metres_between
from santong.fieldservice.selectors.codes import arrival_code
from santong.fieldservice.services.promises import keep_arrival
from santong.fieldservice.services.record import check_state, go, locked_visit
from santong.fieldservice.services.try_code import try_code
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing

COMING = (*MOVABLE, "en_route")


@all_or_nothing
def check_in_by_place(
    *, merchant_id: int, visit_id: int, at: contracts.Point, now: datetime
) -> contracts.Visit:
    """The technician's telephone is where the work is. Said twice, the first arrival stays.

    Raises NoSuch, VisitPassed, TooFar. Emits VisitCheckedIn. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.arrived_at is not None:
        return visit.as_contract()
    check_state(visit, COMING, wanted="booked")
    away = metres_between(_place_of(visit), at)
    if away > MOST_METRES:
        raise TooFar(distance_metres=away, most_metres=MOST_METRES)
    visit.checked_in_metres = away
    _arrive(visit, "place", now)
    return visit.as_contract()


@all_or_nothing
def check_in_by_code(
    *, merchant_id: int, visit_id: int, code: str, now: datetime
) -> contracts.CodeTried:
    """The buyer has shown the code of arrival. A wrong one is an answer, and stays counted.

    Raises NoSuch, VisitPassed. Emits VisitCheckedIn. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    if visit.arrived_at is not None:
        return contracts.CodeTried(is_right=True)
    check_state(visit, COMING, wanted="booked")
    tried = try_code(
        merchant_id=merchant_id,
        subject=f"arrival/{visit_id}",
        typed=code,
        right=arrival_code(merchant_id=merchant_id, visit_id=visit_id),
        now=now,
    )
    if tried.is_right:
        _arrive(visit, "code", now)
    return tried


def _place_of(visit: Visit) -> contracts.Point:
    """The exact place where it is known; the rough one else, and then the code is the way."""
    place = visit.contact().place
    if place.latitude is None or place.longitude is None:
        return visit.point
    return contracts.Point(place.latitude, place.longitude)


def _arrive(visit: Visit, by: contracts.CheckedInBy, now: datetime) -> None:
    assert visit.technician_id is not None
    visit.arrived_at, visit.checked_in_by = now, by
    go(visit, "arrived", action="check_in", reason=f"checked in by {by}", now=now)
    keep_arrival(visit, now=now)
    outbox.publish(
        VisitCheckedIn(
            visit_id=visit.id,
            document=visit.document,
            provider_code=visit.provider.code if visit.provider else "",
            technician_id=visit.technician_id,
            by=by,
            arrived_at=now,
        ),
        now=now,
    )
