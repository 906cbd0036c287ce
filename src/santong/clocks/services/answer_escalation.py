"""Somebody looks after what is late."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.errors import EscalationOver
from santong.clocks.models import Escalation
from santong.clocks.rules.fields import clean_text
from santong.kernel import audit, tenancy
from santong.kernel.errors import NoSuch
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def see_escalation(*, merchant_id: int, escalation_id: int, now: datetime) -> None:
    """Note that somebody looks after it; the first who does stays.

    Raises NoSuch, EscalationOver, Busy. Locks the escalation.
    """
    row = _locked(merchant_id, escalation_id)
    if row.state == "seen":
        return
    _check_open(row)
    row.state, row.seen_at, row.seen_by = "seen", now, _who()
    row.save(update_fields=["state", "seen_at", "seen_by"])
    _leave_trail(row, "clocks.see_escalation", "seen", now=now)


@all_or_nothing
def finish_escalation(*, merchant_id: int, escalation_id: int, note: str, now: datetime) -> None:
    """Note that it was dealt with, and how. Once.

    Raises NoSuch, EscalationOver, FieldInvalid, Busy. Locks the escalation.
    """
    note = clean_text(note, pointer="/note", most=contracts.LONGEST_NOTE)
    row = _locked(merchant_id, escalation_id)
    if row.state == "done" and row.note == note and row.ended_by == _who():
        return
    _check_open(row)
    row.state, row.ended_at, row.ended_by, row.note = "done", now, _who(), note
    row.save(update_fields=["state", "ended_at", "ended_by", "note"])
    _leave_trail(row, "clocks.finish_escalation", note or "done", now=now)


def _locked(merchant_id: int, escalation_id: int) -> Escalation:
    row = Escalation.objects.of_merchant(merchant_id).filter(id=escalation_id).lock().first()
    if row is None:
        raise NoSuch(kind="escalation", key=str(escalation_id))
    return row


def _check_open(row: Escalation) -> None:
    if row.state not in {"told", "seen"}:
        raise EscalationOver(state=row.state)


def _who() -> str:
    actor = tenancy.current().actor
    return f"{actor.kind}:{actor.id}"


def _leave_trail(row: Escalation, action: str, reason: str, *, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=action,
            subject="clock",
            subject_id=row.clock_id,
            reason=reason[: contracts.LONGEST_REASON],
            after={"escalation": row.id, "state": row.state},
        ),
        now=now,
    )
