"""What was promised to the buyer has a clock: arrival within the window, and the work's end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from santong.clocks import public as clocks
from santong.fieldservice import contracts
from santong.fieldservice.models import Visit
from santong.fieldservice.selectors.photos import subject_of
from santong.stores import public as stores

ARRIVAL, COMPLETION = "arrival", "completion"
TERMS = (ARRIVAL, COMPLETION)


def promise(visit: Visit, *, now: datetime) -> None:
    """A booked time is a promise by whoever comes; one that was made before is no longer.

    Arrival is due at the end of the window, the work's end so much later as the work takes.
    """
    assert visit.window_until is not None
    drop(visit, TERMS, reason="promised anew", now=now)
    work = timedelta(minutes=visit.service_type.work_minutes)
    for term, due_at in ((ARRIVAL, visit.window_until), (COMPLETION, visit.window_until + work)):
        clocks.start(
            merchant_id=visit.merchant_id,
            subject=subject_of(visit.id),
            term=f"{term}_{visit.sequence}",
            due_at=due_at,
            started_at=now,
            tags=_tags(visit),
            now=now,
        )


def keep_arrival(visit: Visit, *, now: datetime) -> None:
    """Somebody has come."""
    _stop(visit, ARRIVAL, reason="checked in", now=now)


def keep_completion(visit: Visit, *, now: datetime) -> None:
    """The work was reported done; whoever did not check in has come all the same."""
    _stop(visit, ARRIVAL, reason="reported done", now=now)
    _stop(visit, COMPLETION, reason="reported done", now=now)


def drop_promises(visit: Visit, *, missed_by: contracts.Side | None, now: datetime) -> None:
    """The visit is off: a technician who did not come has broken the promise of arrival."""
    if missed_by == "technician":
        _stop(visit, ARRIVAL, reason="nobody came", now=now)
    drop(visit, TERMS, reason="the visit is off", now=now)


def drop(visit: Visit, terms: Sequence[str], *, reason: str, now: datetime) -> None:
    """Promises that neither hold nor were broken."""
    for each in _running(visit, terms):
        clocks.cancel(
            merchant_id=visit.merchant_id,
            subject=each.subject,
            term=each.term,
            at=now,
            reason=reason,
            now=now,
        )


def _stop(visit: Visit, term: str, *, reason: str, now: datetime) -> None:
    for each in _running(visit, [term]):
        clocks.stop(
            merchant_id=visit.merchant_id,
            subject=each.subject,
            term=each.term,
            at=now,
            reason=reason,
            now=now,
        )


def _running(visit: Visit, terms: Sequence[str]) -> list[clocks.Clock]:
    known = clocks.clocks_of(merchant_id=visit.merchant_id, subject=subject_of(visit.id))
    return [
        each
        for each in known
        if each.state in {"running", "paused"} and each.term.rpartition("_")[0] in terms
    ]


def _tags(visit: Visit) -> dict[str, str]:
    assert visit.provider is not None
    assert visit.technician is not None
    tags = {"provider": visit.provider.code, "technician": visit.technician.code}
    if visit.seller_location_id is not None:
        known = stores.locations_by_id(
            merchant_id=visit.merchant_id, location_ids=[visit.seller_location_id]
        )
        tags["store"] = known[visit.seller_location_id].code
    return tags
