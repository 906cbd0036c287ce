"""When technicians work: hours by rules, leave and holidays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from santong.fieldservice import contracts
from santong.fieldservice.models import Holiday, Leave, Provider, Technician, WorkHours
from santong.fieldservice.rules.calendar import check_hours
from santong.fieldservice.rules.fields import check_name
from santong.fieldservice.selectors.people import found_or_refused
from santong.fieldservice.services.record import clean_reason
from santong.kernel import audit
from santong.kernel.errors import FieldInvalid
from santong.kernel.tenancy import all_or_nothing

MOST_INTERVALS = 50


@all_or_nothing
def set_hours(
    *,
    merchant_id: int,
    technician_id: int,
    hours: Sequence[contracts.Hours],
    now: datetime,
) -> None:
    """These intervals and no others; several a day leave breaks between them.

    What is booked already stays. Raises NoSuch, FieldInvalid. Locks the technician.
    """
    if len(hours) > MOST_INTERVALS:
        raise FieldInvalid(pointer="/hours", reason=f"{MOST_INTERVALS} at most")
    for place, each in enumerate(hours):
        try:
            check_hours(each)
        except ValueError as wrong:
            raise FieldInvalid(pointer=f"/hours/{place}", reason=str(wrong)) from wrong
    person = _locked(merchant_id, technician_id)
    WorkHours.objects.of_merchant(merchant_id).filter(technician=person).delete()
    WorkHours.objects.bulk_create(
        WorkHours(
            merchant_id=merchant_id,
            technician=person,
            rule=each.rule,
            begins=each.begins,
            ends=each.ends,
            valid_from=each.valid_from,
            valid_until=each.valid_until,
        )
        for each in hours
    )
    _tell("set_hours", "technician", person.id, f"{len(hours)} intervals", now)


@all_or_nothing
def add_leave(
    *,
    merchant_id: int,
    technician_id: int,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    now: datetime,
) -> contracts.Leave:
    """Somebody is away. What is booked in that time is for a dispatcher to move.

    Raises NoSuch, FieldInvalid. Locks the technician.
    """
    if starts_at >= ends_at:
        raise FieldInvalid(pointer="/ends_at", reason="after it begins")
    reason = clean_reason(reason)
    person = _locked(merchant_id, technician_id)
    row = Leave.objects.create(
        merchant_id=merchant_id,
        technician=person,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
    )
    _tell("add_leave", "technician", person.id, reason, now)
    return row.as_contract()


@all_or_nothing
def remove_leave(*, merchant_id: int, leave_id: int, now: datetime) -> None:
    """Somebody is there after all. Raises NoSuch. Locks the technician."""
    row = found_or_refused(
        Leave.objects.of_merchant(merchant_id).filter(id=leave_id).first(), "leave", str(leave_id)
    )
    person = _locked(merchant_id, row.technician_id)
    row.delete()
    _tell("remove_leave", "technician", person.id, row.reason, now)


@all_or_nothing
def add_holiday(
    *, merchant_id: int, provider_code: str, on: date, name: str, now: datetime
) -> None:
    """Nobody of a provider works on a day. Said twice, it stays. Raises NoSuch, FieldInvalid."""
    check_name(name)
    provider = _provider(merchant_id, provider_code)
    Holiday.objects.update_or_create(
        merchant_id=merchant_id, provider=provider, on=on, defaults={"name": name.strip()}
    )
    _tell("add_holiday", "provider", provider.id, f"{on}", now)


@all_or_nothing
def remove_holiday(*, merchant_id: int, provider_code: str, on: date, now: datetime) -> None:
    """It is a working day after all. Raises NoSuch."""
    provider = _provider(merchant_id, provider_code)
    Holiday.objects.of_merchant(merchant_id).filter(provider=provider, on=on).delete()
    _tell("remove_holiday", "provider", provider.id, f"{on}", now)


def _locked(merchant_id: int, technician_id: int) -> Technician:
    rows = Technician.objects.of_merchant(merchant_id).filter(id=technician_id)
    return found_or_refused(rows.lock().first(), "technician", str(technician_id))


def _provider(merchant_id: int, code: str) -> Provider:
    rows = Provider.objects.of_merchant(merchant_id).filter(code=code)
    return found_or_refused(rows.first(), "provider", code)


def _tell(action: str, subject: str, subject_id: int, reason: str, now: datetime) -> None:
    audit.record(
        audit.Change(
            action=f"fieldservice.{action}", subject=subject, subject_id=subject_id, reason=reason
        ),
        now=now,
    )
