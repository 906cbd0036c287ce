"""A clock begins."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from santong.clocks import contracts
from santong.clocks.errors import PolicyOutOfUse
from santong.clocks.models import Clock
from santong.clocks.rules.fields import check_instant, check_subject, check_term, clean_tags
from santong.clocks.selectors.calendars import calendar_by_code
from santong.clocks.selectors.clocks import clock_or_none
from santong.clocks.selectors.policies import policy_by_code
from santong.clocks.selectors.standing import books
from santong.clocks.services.record import event
from santong.clocks.services.settle import settle
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

_NO_TAGS: Mapping[str, str] = {}


@all_or_nothing
def start(
    *,
    merchant_id: int,
    subject: str,
    term: str,
    policy_code: str | None = None,
    due_at: datetime | None = None,
    started_at: datetime,
    tags: Mapping[str, str] = _NO_TAGS,
    now: datetime,
) -> contracts.Clock:
    """Start the clock of a term of a subject, once: asked again, it answers how the clock stands.

    By a policy, or due at an instant, or both: the policy then says who is told. Tags are codes;
    `store`, `provider`, `technician` and `brand` are what clocks are looked at by.

    Raises NoSuch (the policy), PolicyOutOfUse, FieldInvalid.
    """
    check_subject(subject)
    check_term(term)
    check_instant(started_at, pointer="/started_at")
    if due_at is not None:
        check_instant(due_at, pointer="/due_at")
    found = clock_or_none(merchant_id=merchant_id, subject=subject, term=term)
    if found is not None:
        return found
    row = _row(merchant_id, subject, term, started_at, clean_tags(tags))
    policy_id, calendar_id = _policy(merchant_id, policy_code, due_at)
    return _insert(row, policy_id, calendar_id, due_at=due_at, now=now)


def _row(
    merchant_id: int, subject: str, term: str, started_at: datetime, tags: dict[str, str]
) -> Clock:
    return Clock(
        merchant_id=merchant_id,
        subject=subject,
        term=term,
        state="running",
        started_at=started_at.replace(microsecond=0),
        tags=tags,
        events=1,
        **{dimension: tags.get(dimension, "") for dimension in contracts.DIMENSIONS},
    )


def _policy(
    merchant_id: int, code: str | None, due_at: datetime | None
) -> tuple[int | None, int | None]:
    """Versions of policy and calendar that hold now."""
    if code is None:
        if due_at is None:
            raise FieldInvalid(pointer="/policy_code", reason="a policy or a due time")
        return None, None
    policy = policy_by_code(merchant_id=merchant_id, code=code)
    if not policy.is_in_use:
        raise PolicyOutOfUse(policy=policy.code)
    calendar = calendar_by_code(merchant_id=merchant_id, code=policy.calendar_code)
    return policy.version_id, calendar.version_id


def _insert(
    row: Clock,
    policy_id: int | None,
    calendar_id: int | None,
    *,
    due_at: datetime | None,
    now: datetime,
) -> contracts.Clock:
    began = event(
        row,
        kind="start",
        at=row.started_at,
        now=now,
        policy_version_id=policy_id,
        calendar_version_id=calendar_id,
        due_at=due_at,
    )
    happened = [began.as_event()]
    found = books(merchant_id=row.merchant_id, events=happened)
    settle(row, happened, books=found, told=(), now=now)
    if not _is_first(row):
        return _stands(row)
    began.clock_id, began.number = row.id, 1
    began.save(force_insert=True)
    audit.record(
        audit.Change(
            action="clocks.start",
            subject="clock",
            subject_id=row.id,
            reason=row.term,
            after={"state": row.state, "due_at": row.due_at and row.due_at.isoformat()},
        ),
        now=now,
    )
    return _stands(row)


def _is_first(row: Clock) -> bool:
    """Insert the row, unless somebody started this clock in the same moment."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as failure:
        diagnosis = getattr(failure.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == "a_subject_has_one_clock_of_a_term":
            return False
        raise
    return True


def _stands(row: Clock) -> contracts.Clock:
    found = clock_or_none(merchant_id=row.merchant_id, subject=row.subject, term=row.term)
    assert found is not None
    return found
