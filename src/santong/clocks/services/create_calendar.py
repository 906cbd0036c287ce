"""A calendar of working time is made."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError

from santong.clocks import contracts
from santong.clocks.errors import CalendarNeverOpen, ClockCodeTaken
from santong.clocks.models import Calendar
from santong.clocks.models.calendars import TERMS
from santong.clocks.rules.fields import check_code, clean_text
from santong.clocks.rules.hours import check_terms, is_ever_open
from santong.clocks.selectors.calendars import calendar_by_code
from santong.clocks.services.keep_year import add_version, bring_library_years
from santong.kernel import audit
from santong.kernel.tenancy import all_or_nothing


@all_or_nothing
def create_calendar(
    *, merchant_id: int, code: str, name: str, terms: contracts.Terms, now: datetime
) -> contracts.NamedCalendar:
    """Make a calendar; one of mainland China knows the holidays that came with the product.

    Raises ClockCodeTaken, CalendarNeverOpen, FieldInvalid. Emits YearLoaded.
    """
    check_code(code)
    check_terms(terms)
    if not is_ever_open(terms):
        raise CalendarNeverOpen(calendar=code)
    name = clean_text(name, pointer="/name", most=contracts.LONGEST_NAME) or code
    row = Calendar(merchant_id=merchant_id, code=code, name=name)
    try:
        row.save(force_insert=True)
    except IntegrityError as failure:
        diagnosis = getattr(failure.__cause__, "diag", None)
        if getattr(diagnosis, "constraint_name", None) == "a_calendar_has_its_code":
            raise ClockCodeTaken(taken=code) from None
        raise
    bring_library_years(merchant_id=merchant_id, region=terms.region, now=now)
    add_version(row, terms=terms, said=TERMS.dump_python(terms, mode="json"), now=now)
    audit.record(
        audit.Change(
            action="clocks.create_calendar", subject="calendar", subject_id=row.id, reason=code
        ),
        now=now,
    )
    return calendar_by_code(merchant_id=merchant_id, code=code)
