"""Another trip to the same buyer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from santong.fieldservice import contracts
from santong.fieldservice.models import Visit
from santong.fieldservice.services.note_parts import write_parts
from santong.fieldservice.services.offer_visit import offer_if_ready
from santong.fieldservice.services.record import check_state, locked_visit, save
from santong.fieldservice.services.report_done import end_work
from santong.kernel.tenancy import all_or_nothing

MAY_BE_FOLLOWED = ("arrived", "working", "done", "accepted")


@all_or_nothing
def follow_visit(
    *,
    merchant_id: int,
    visit_id: int,
    reason: contracts.FollowReason,
    needed_by_sku: Mapping[str, int] | None = None,
    now: datetime,
) -> contracts.Visit:
    """Ask for another trip; it is offered once the parts that it needs are there.

    A visit that is being made ends with it, and is accepted when the other one is. There is one
    that follows a visit; asked again, it is that one. The buyer's link opens it.

    Raises NoSuch, VisitPassed, FieldInvalid. Emits VisitDone, VisitOffered. Locks the visit.
    """
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    known = Visit.objects.of_merchant(merchant_id).filter(key=follow_key(visit_id)).first()
    if known is not None:
        return known.as_contract()
    check_state(visit, MAY_BE_FOLLOWED, wanted="working")
    if visit.state in {"arrived", "working"}:
        end_work(visit, reason=f"another trip: {reason}", now=now)
    return open_follower(visit, reason=reason, needed_by_sku=needed_by_sku or {}, now=now)


def open_follower(
    visit: Visit,
    *,
    reason: contracts.FollowReason,
    needed_by_sku: Mapping[str, int],
    now: datetime,
) -> contracts.Visit:
    """The visit that takes a locked one's place."""
    known = visit.contact()
    follower = Visit(
        merchant_id=visit.merchant_id,
        key=follow_key(visit.id),
        document=visit.document,
        service_type=visit.service_type,
        state="requested",
        seller_location_id=visit.seller_location_id,
        phone_index=visit.phone_index,
        latitude=visit.latitude,
        longitude=visit.longitude,
        district=visit.district,
        follows=visit,
        follow_reason=reason,
        requested_at=now,
    )
    follower.seal(known.contact, known.place)
    save(follower, action="request", reason=f"follows {visit.id}: {reason}", before={}, now=now)
    write_parts(follower, "needed", needed_by_sku)
    offer_if_ready(follower, now=now)
    return follower.as_contract()


def follow_key(visit_id: int) -> str:
    """What makes the visit that follows the same one."""
    return f"follows:{visit_id}"
