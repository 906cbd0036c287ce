"""A calendar says something else from now on."""

from __future__ import annotations

from datetime import datetime

from santong.clocks import contracts
from santong.clocks.errors import CalendarNeverOpen
from santong.clocks.models import Calendar, CalendarVersion
from santong.clocks.models.calendars import TERMS
from santong.clocks.rules.fields import clean_reason, clean_text
from santong.clocks.rules.hours import check_terms, is_ever_open
from santong.clocks.selectors.calendars import calendar_by_code, newest_year_ids
from santong.clocks.services.keep_year import add_version, bring_library_years
from santong.kernel import audit
from santong.kernel.errors import NoSuch, VersionMoved
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def change_calendar(
    *,
    merchant_id: int,
    code: str,
    name: str,
    terms: contracts.Terms,
    expected_version: int,
    reason: str,
    now: datetime,
) -> contracts.NamedCalendar:
    """Let a calendar go by other terms from now on; what clocks have counted stays.

    Clocks that run follow by themselves. The same terms again change nothing.

    Raises NoSuch, VersionMoved, CalendarNeverOpen, FieldInvalid, Busy. Emits YearLoaded. Locks the
    calendar.
    """
    check_terms(terms)
    if not is_ever_open(terms):
        raise CalendarNeverOpen(calendar=code)
    reason = clean_reason(reason)
    row = Calendar.objects.of_merchant(merchant_id).filter(code=code).lock().first()
    if row is None:
        raise NoSuch(kind="calendar", key=code[: contracts.LONGEST_CODE])
    row.name = clean_text(name, pointer="/name", most=contracts.LONGEST_NAME) or code
    bring_library_years(merchant_id=merchant_id, region=terms.region, now=now)
    said = TERMS.dump_python(terms, mode="json")
    if _says(row, said):
        row.save(update_fields=["name"])
        return calendar_by_code(merchant_id=merchant_id, code=code)
    if row.version != expected_version:
        raise VersionMoved(version=row.version)
    add_version(row, terms=terms, said=said, now=now)
    audit.record(
        audit.Change(
            action="clocks.change_calendar",
            subject="calendar",
            subject_id=row.id,
            reason=reason,
            before={"version": row.version - 1},
            after={"version": row.version},
        ),
        now=now,
    )
    return calendar_by_code(merchant_id=merchant_id, code=code)


def _says(row: Calendar, said: object) -> bool:
    held = CalendarVersion.objects.of_merchant(row.merchant_id).get(
        calendar=row, version=row.version
    )
    years = newest_year_ids(merchant_id=row.merchant_id, region=held.region) if held.region else []
    return bool(held.terms == said and held.year_ids == years)
