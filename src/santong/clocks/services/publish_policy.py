"""A policy promises something, or something else."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.errors import CalendarNeverOpen
from santong.clocks.models import Policy, PolicyVersion
from santong.clocks.models.policies import STEPS
from santong.clocks.rules.fields import check_code, clean_reason, clean_text
from santong.clocks.rules.promises import check_promise
from santong.clocks.rules.working_time import seconds_of
from santong.clocks.selectors.calendars import calendar_by_code, working_times
from santong.clocks.selectors.policies import policy_by_code
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing
from santong.merchants import public as merchants


@all_or_nothing
def publish_policy(
    *,
    merchant_id: int,
    code: str,
    name: str,
    calendar_code: str,
    promise: contracts.Promise,
    tell_calendar_code: str = "",
    is_in_use: bool = True,
    reason: str,
    now: datetime,
) -> contracts.Policy:
    """Let a policy promise this from now on, in a new version; it is made if there is none.

    Clocks that run keep what they were started with.

    Raises NoSuch (a calendar), CalendarNeverOpen, FieldInvalid, Busy. Locks the policy.
    """
    check_code(code)
    check_promise(promise, roles=merchants.ROLES)
    calendar = calendar_by_code(merchant_id=merchant_id, code=calendar_code)
    tell = (
        calendar_by_code(merchant_id=merchant_id, code=tell_calendar_code)
        if tell_calendar_code
        else None
    )
    _check_is_reached(merchant_id, calendar, promise, now=now)
    row = _locked(merchant_id, code)
    row.name = clean_text(name, pointer="/name", most=contracts.LONGEST_NAME) or code
    row.is_in_use = is_in_use
    row.version += 1
    row.save()
    PolicyVersion.objects.create(
        merchant_id=merchant_id,
        policy=row,
        version=row.version,
        calendar_id=calendar.id,
        tell_calendar_id=None if tell is None else tell.id,
        target_seconds=promise.target_seconds,
        warn_percent=promise.warn_percent,
        steps=STEPS.dump_python(promise.steps, mode="json"),
        reason=clean_reason(reason),
        holds_from=now,
    )
    audit.record(
        audit.Change(
            action="clocks.publish_policy",
            subject="clock_policy",
            subject_id=row.id,
            reason=reason.strip(),
            after={"version": row.version, "target_seconds": promise.target_seconds},
        ),
        now=now,
    )
    return policy_by_code(merchant_id=merchant_id, code=code)


def _locked(merchant_id: int, code: str) -> Policy:
    """The policy of a code, made if need be, and locked."""
    rows = Policy.objects.of_merchant(merchant_id).filter(code=code)
    Policy.objects.bulk_create(
        [Policy(merchant_id=merchant_id, code=code, name=code)], ignore_conflicts=True
    )
    return rows.lock().get()


def _check_is_reached(
    merchant_id: int,
    calendar: contracts.NamedCalendar,
    promise: contracts.Promise,
    *,
    now: datetime,
) -> None:
    found = working_times(merchant_id=merchant_id, version_ids=[calendar.version_id])
    if found[calendar.version_id].when(seconds_of(now), promise.target_seconds) is None:
        raise CalendarNeverOpen(calendar=calendar.code)
