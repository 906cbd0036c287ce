"""When somebody works: intervals by recurrence rules (RFC 5545), less leave and holidays."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr  # pyright: ignore[reportUnknownVariableType]

from santong.fieldservice.contracts import Hours
from santong.fieldservice.rules.clock import MINUTES_OF_DAY, Span, local_minute

LONGEST_RULE = 200
_TIME = re.compile(r"(?:[01]\d|2[0-4]):[0-5]\d")
# Days, not instants: a rule by the hour would be another calendar, and a long one.
_RULE = re.compile(r"FREQ=(?:DAILY|WEEKLY|MONTHLY)(?:;[A-Z]+=[A-Z0-9,+-]+)*")
_INSTANTS = re.compile(r"BYHOUR|BYMINUTE|BYSECOND|UNTIL")


def minutes_of_day(text: str) -> int:
    """`08:30` as 510; `24:00` ends a day. Raises ValueError."""
    if not _TIME.fullmatch(text):
        raise ValueError("a time like 08:30")
    hours, minutes = int(text[:2]), int(text[3:])
    if hours * 60 + minutes > MINUTES_OF_DAY:
        raise ValueError("a time like 08:30")
    return hours * 60 + minutes


def check_hours(hours: Hours) -> None:
    """Refuse an interval that means nothing. Raises ValueError with the reason."""
    if minutes_of_day(hours.begins) >= minutes_of_day(hours.ends):
        raise ValueError("an interval ends after it begins")
    if hours.valid_until is not None and hours.valid_until <= hours.valid_from:
        raise ValueError("valid_until comes after valid_from")
    rule = hours.rule
    if len(rule) > LONGEST_RULE or not _RULE.fullmatch(rule) or _INSTANTS.search(rule):
        raise ValueError("a rule by days, weeks or months, such as FREQ=WEEKLY;BYDAY=MO,TU")
    falls_on(rule, hours.valid_from, hours.valid_from)


def working_spans(
    *,
    day: date,
    hours: Iterable[Hours],
    leave: Sequence[Span],
    holidays: Collection[date],
    zone: ZoneInfo,
) -> tuple[Span, ...]:
    """The spans of a local day in which somebody works, in order and apart."""
    if day in holidays:
        return ()
    found = [
        Span(
            local_minute(day, minutes_of_day(each.begins), zone),
            local_minute(day, minutes_of_day(each.ends), zone),
        )
        for each in hours
        if each.valid_from <= day and (each.valid_until is None or day < each.valid_until)
        if falls_on(each.rule, each.valid_from, day)
    ]
    return without(joined(found), leave)


def joined(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in spans that neither overlap nor touch."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif span.start < span.end:
            found.append(span)
    return tuple(found)


def without(spans: Sequence[Span], taken: Sequence[Span]) -> tuple[Span, ...]:
    """What is left of spans once others are taken out."""
    left = list(spans)
    for gone in taken:
        left = [
            Span(start, end)
            for span in left
            for start, end in (
                (span.start, min(span.end, gone.start)),
                (max(span.start, gone.end), span.end),
            )
            if start < end
        ]
    return joined(left)


@lru_cache(maxsize=10_000)
def falls_on(rule: str, since: date, day: date) -> bool:
    """Whether a rule that counts from `since` names a day. Raises ValueError."""
    begins = datetime(since.year, since.month, since.day)  # noqa: DTZ001  a day, on no clock
    wanted = datetime(day.year, day.month, day.day)  # noqa: DTZ001  as above
    try:
        found = rrulestr(rule, dtstart=begins)  # pyright: ignore[reportUnknownVariableType]
    except (ValueError, TypeError, AttributeError, KeyError) as wrong:
        raise ValueError("a rule as RFC 5545 writes it") from wrong
    return bool(found.between(wanted, wanted, inc=True))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
