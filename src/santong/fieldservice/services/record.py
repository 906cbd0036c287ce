"""What every change of a visit has in common: it is locked, it may go there, the trail says so."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from santong.fieldservice.contracts import LONGEST_REASON, State
from santong.fieldservice.errors import VisitPassed
from santong.fieldservice.models import Slot, Visit
from santong.fieldservice.rules.states import may_go
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.selectors.sight import EVERYTHING, Sight, visits_seen
from santong.fieldservice.selectors.visits import WITH
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid


def locked_visit(*, merchant_id: int, visit_id: int, sight: Sight = EVERYTHING) -> Visit:
    """The visit, which nobody else changes until the transaction ends. Raises NoSuch."""
    rows = Visit.objects.of_merchant(merchant_id).filter(visits_seen(sight), id=visit_id)
    return found_or_refused(rows.select_related(*WITH).lock().first(), "visit", str(visit_id))


def check_state(visit: Visit, among: Collection[str], *, wanted: str) -> None:
    """Refuse what is not in one of these states. Raises VisitPassed."""
    if visit.state not in among:
        raise VisitPassed(visit_id=str(visit.id), state=visit.state, wanted=wanted)


def go(visit: Visit, to: State, *, action: str, reason: str, now: datetime) -> None:
    """Let a visit take one step, with all that was set on it. Raises VisitPassed."""
    if not may_go(visit.state, to):  # type: ignore[arg-type]  # one of the words of the type
        raise VisitPassed(visit_id=str(visit.id), state=visit.state, wanted=to)
    before, visit.state = visit.state, to
    save(visit, action=action, reason=reason, before={"state": before}, now=now)


def save(
    visit: Visit, *, action: str, reason: str, before: dict[str, object], now: datetime
) -> None:
    """Write a visit down, and what was done into the trail."""
    visit.version += 1
    visit.save()
    audit.record(
        audit.Change(
            action=f"fieldservice.{action}",
            subject="visit",
            subject_id=visit.id,
            reason=reason,
            before=before,
            after={
                "state": visit.state,
                "technician": visit.technician_id,
                "starts_at": visit.starts_at.isoformat() if visit.starts_at else None,
            },
        ),
        now=now,
    )


def release_slots(visit: Visit, *, states: Collection[str] = ("held", "booked")) -> None:
    """Give back the time that is held or booked for a visit."""
    rows = Slot.objects.of_merchant(visit.merchant_id).filter(visit=visit, state__in=list(states))
    rows.update(state="released")


def clean_reason(reason: str) -> str:
    """Why, in some words. Raises FieldInvalid."""
    reason = reason.strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise FieldInvalid(pointer="/reason", reason=f"1 to {LONGEST_REASON} characters")
    return reason
