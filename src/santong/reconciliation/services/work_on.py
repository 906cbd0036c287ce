"""Somebody does something about a difference."""

from __future__ import annotations

from datetime import date, datetime

from santong.kernel import audit, tenancy
from santong.kernel.errors import FieldInvalid, NoSuch
from santong.kernel.nameless import check_prose
from santong.kernel.tenancy import all_or_nothing
from santong.reconciliation.contracts import LONGEST_NOTE, Difference, DifferenceState, Step
from santong.reconciliation.errors import DifferenceStatePassed, NotOffered, SecondPersonNeeded
from santong.reconciliation.models import Difference as Row
from santong.reconciliation.rules.working import begins_at, is_offered, needs_second_person
from santong.reconciliation.services.book import book_difference


@all_or_nothing
def claim(
    *, merchant_id: int, difference_id: int, due_on: date | None, note: str, now: datetime
) -> Difference:
    """Let it be the actor's to look into, until a day.

    Raises DifferenceStatePassed, FieldInvalid, NoSuch. Locks the difference.
    """
    row = _begin("claim", merchant_id=merchant_id, difference_id=difference_id, note=note)
    row.owner = actor()
    row.due_on = due_on or row.due_on
    return _done(row, "claim", state=row.state, note=note, now=now)


@all_or_nothing
def wait(
    *, merchant_id: int, difference_id: int, due_on: date, note: str, now: datetime
) -> Difference:
    """Expect it to resolve itself until a day, as with a refund that is on its way.

    Raises DifferenceStatePassed, NotOffered, FieldInvalid, NoSuch. Locks the difference.
    """
    row = _begin("wait", merchant_id=merchant_id, difference_id=difference_id, note=note)
    row.due_on = due_on
    return _done(row, "wait", state="waiting", note=note, now=now)


@all_or_nothing
def explain(*, merchant_id: int, difference_id: int, note: str, now: datetime) -> Difference:
    """Say why it is right as it is; nothing is booked.

    Raises DifferenceStatePassed, NotOffered, FieldInvalid, NoSuch. Locks the difference.
    """
    row = _begin("explain", merchant_id=merchant_id, difference_id=difference_id, note=note)
    return _done(row, "explain", state="explained", note=note, now=now)


@all_or_nothing
def correct(*, merchant_id: int, difference_id: int, note: str, now: datetime) -> Difference:
    """Take it into the books: they then say what the provider says.

    Raises DifferenceStatePassed, NotOffered, FieldInvalid, NoSuch. Locks the difference.
    """
    row = _begin("correct", merchant_id=merchant_id, difference_id=difference_id, note=note)
    _book(row, reason=note, now=now)
    return _done(row, "correct", state="corrected", note=note, now=now)


@all_or_nothing
def write_off(*, merchant_id: int, difference_id: int, note: str, now: datetime) -> Difference:
    """Book it as a loss or a gain; a large one is proposed, and somebody else has to agree.

    Raises DifferenceStatePassed, NotOffered, FieldInvalid, NoSuch. Locks the difference.
    """
    row = _begin("write_off", merchant_id=merchant_id, difference_id=difference_id, note=note)
    if needs_second_person(row.theirs_minor - row.ours_minor):
        row.proposed_by = actor()
        return _done(row, "write_off", state="proposed", note=note, now=now)
    _book(row, reason=note, now=now)
    return _done(row, "write_off", state="written_off", note=note, now=now)


@all_or_nothing
def approve(*, merchant_id: int, difference_id: int, note: str, now: datetime) -> Difference:
    """Agree to a write-off that somebody else has proposed.

    Raises SecondPersonNeeded, DifferenceStatePassed, FieldInvalid, NoSuch. Locks the difference.
    """
    row = _begin("approve", merchant_id=merchant_id, difference_id=difference_id, note=note)
    if row.proposed_by == actor():
        raise SecondPersonNeeded(of=f"difference:{difference_id}")
    _book(row, reason=note, now=now)
    return _done(row, "approve", state="written_off", note=note, now=now)


@all_or_nothing
def reject(*, merchant_id: int, difference_id: int, note: str, now: datetime) -> Difference:
    """Do not agree to a write-off: the difference is open again.

    Raises DifferenceStatePassed, FieldInvalid, NoSuch. Locks the difference.
    """
    row = _begin("reject", merchant_id=merchant_id, difference_id=difference_id, note=note)
    row.proposed_by = ""
    return _done(row, "reject", state="open", note=note, now=now)


def actor() -> str:
    """Who acts in the open scope."""
    who = tenancy.current().actor
    return f"{who.kind}:{who.id}"


def _begin(step: Step, *, merchant_id: int, difference_id: int, note: str) -> Row:
    if not 0 < len(note.strip()) <= LONGEST_NOTE:
        raise FieldInvalid(pointer="/note", reason=f"1 to {LONGEST_NOTE} characters")
    check_prose(note, pointer="/note")
    row = Row.objects.of_merchant(merchant_id).filter(id=difference_id).lock().first()
    if row is None:
        raise NoSuch(kind="difference", key=str(difference_id))
    known = row.as_contract()
    if not begins_at(step, known.state):
        raise DifferenceStatePassed(difference_id=difference_id, state=known.state)
    if not is_offered(step, known.category):
        raise NotOffered(difference_id=difference_id, category=known.category, step=step)
    return row


def _book(row: Row, *, reason: str, now: datetime) -> None:
    row.booked_minor = row.theirs_minor - row.ours_minor
    book_difference(
        merchant_id=row.merchant_id,
        account_code=row.account_code,
        difference_id=row.id,
        attempt="booked",
        amount_minor=row.booked_minor,
        reason=reason[:200],
        now=now,
    )


def _done(row: Row, step: Step, *, state: str, note: str, now: datetime) -> Difference:
    before: DifferenceState = row.as_contract().state
    row.state = state
    row.note = note
    row.changed_at = now
    row.owner = row.owner or actor()
    row.save()
    audit.record(
        audit.Change(
            action=f"reconciliation.{step}",
            subject="difference",
            subject_id=row.id,
            reason=note[:500],
            before={"state": before},
            after={"state": state, "booked_minor": row.booked_minor},
        ),
        now=now,
    )
    return row.as_contract()
