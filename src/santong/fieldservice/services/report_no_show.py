"""One side says that the other was not there; it counts once a second signal agrees."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from santong.fieldservice import contracts
from santong.fieldservice.events import VisitMissed
from santong.fieldservice.models import Visit
from santong.fieldservice.rules.terms import Signals, absent
from santong.fieldservice.selectors.visits import WITH
from santong.fieldservice.services.follow_visit import open_follower
from santong.fieldservice.services.promises import drop_promises
from santong.fieldservice.services.record import (
    check_state,
    clean_reason,
    go,
    locked_visit,
    release_slots,
    save,
)
from santong.kernel import outbox
from santong.kernel.tenancy import all_or_nothing

MAY_BE_MISSED = ("booked", "confirmed", "en_route", "arrived")


@all_or_nothing
def report_no_show(
    *, merchant_id: int, visit_id: int, by: contracts.Side, reason: str, now: datetime
) -> contracts.Visit:
    """`by` says that the other side was not there; with that side's own sign absent it is missed.

    Until then the report stands, and waits.

    The technician's sign is the check-in, which is absent half an hour after the window. The
    buyer's is that they let the technician begin, a quarter of an hour after the place proved that
    the technician was there. A missed visit is followed by another that can be booked.

    Raises NoSuch, VisitPassed, FieldInvalid. Emits VisitMissed, VisitOffered. Locks the visit.
    """
    reason = clean_reason(reason)
    visit = locked_visit(merchant_id=merchant_id, visit_id=visit_id)
    check_state(visit, MAY_BE_MISSED, wanted="booked")
    if by == "buyer":
        visit.buyer_reported_at = visit.buyer_reported_at or now
    else:
        visit.technician_reported_at = visit.technician_reported_at or now
    save(visit, action="report_no_show", reason=reason, before={"by": by}, now=now)
    _settle(visit, now=now)
    return visit.as_contract()


@all_or_nothing
def settle_absences(*, merchant_id: int, now: datetime) -> int:
    """Look again at reports that waited for time alone. Emits VisitMissed. Locks the visits."""
    rows = (
        Visit.objects.of_merchant(merchant_id)
        .filter(state__in=MAY_BE_MISSED)
        .filter(Q(buyer_reported_at__isnull=False) | Q(technician_reported_at__isnull=False))
        .select_related(*WITH)
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("id")
    )
    return sum(_settle(visit, now=now) for visit in rows)


def _settle(visit: Visit, *, now: datetime) -> bool:
    missed_by = absent(_signals(visit), now=now)
    if missed_by is None:
        return False
    assert visit.technician_id is not None
    visit.missed_by = missed_by
    release_slots(visit)
    go(visit, "missed", action="miss", reason=f"{missed_by} was not there", now=now)
    drop_promises(visit, missed_by=missed_by, now=now)
    follower = open_follower(visit, reason="missed", needed_by_sku={}, now=now)
    outbox.publish(
        VisitMissed(
            visit_id=visit.id,
            document=visit.document,
            provider_code=visit.provider.code if visit.provider else "",
            technician_id=visit.technician_id,
            missed_by=missed_by,
            followed_by_id=follower.id,
        ),
        now=now,
    )
    return True


def _signals(visit: Visit) -> Signals:
    assert visit.window_until is not None
    sides: tuple[tuple[contracts.Side, datetime | None], ...] = (
        ("buyer", visit.buyer_reported_at),
        ("technician", visit.technician_reported_at),
    )
    return Signals(
        window_until=visit.window_until,
        arrived_at=visit.arrived_at,
        proved_by_place=visit.checked_in_by == "place",
        has_begun=visit.begun_at is not None,
        reported_by=frozenset(side for side, at in sides if at is not None),
    )
