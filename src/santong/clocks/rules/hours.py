"""Working hours as people write them, and what is wrong with them: `09:00-12:00 13:30-18:00`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from santong.clocks.contracts import (
    DAY_MINUTES,
    LONGEST_NAME,
    LONGEST_ZONE,
    MOST_INTERVALS,
    MOST_OWN_DAYS,
    Hours,
    Terms,
)
from santong.clocks.rules.fields import check_region
from santong.kernel.errors import FieldInvalid

_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)[-–—~]([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


def read_hours(*, text: str, pointer: str) -> Hours:
    """Hours of a day as somebody wrote them; nothing is closed. Raises FieldInvalid."""
    found: list[tuple[int, int]] = []
    for word in re.split(r"[\s,;，；、]+", text.strip()):
        if not word:
            continue
        said = _INTERVAL.fullmatch(word)
        if said is None:
            raise FieldInvalid(pointer=pointer, reason="such as 09:00-12:00 13:00-18:00")
        begins, begins_minute, ends, ends_minute = (int(part) for part in said.groups())
        found.append((begins * 60 + begins_minute, ends * 60 + ends_minute))
    return clean_hours(found, pointer=pointer)


def written_hours(*, hours: Hours) -> str:
    """Hours as people write them."""
    return " ".join(f"{_clock(begins)}-{_clock(ends)}" for begins, ends in hours)


def clean_hours(hours: Sequence[tuple[int, int]], *, pointer: str) -> Hours:
    """Intervals in order, each within the day, none over another. Raises FieldInvalid."""
    found = tuple(sorted((begins, ends) for begins, ends in hours))
    if len(found) > MOST_INTERVALS:
        raise FieldInvalid(pointer=pointer, reason=f"at most {MOST_INTERVALS} intervals a day")
    if not all(0 <= begins < ends <= DAY_MINUTES for begins, ends in found):
        raise FieldInvalid(
            pointer=pointer, reason="an interval ends after it begins, by 24:00 at the latest"
        )
    if any(ends > begins for (_, ends), (begins, _) in pairwise(found)):
        raise FieldInvalid(pointer=pointer, reason="intervals that overlap")
    return found


def check_terms(terms: Terms) -> None:
    """Refuse what no calendar can be. Raises FieldInvalid."""
    _check_zone(terms.time_zone)
    if len(terms.weekly) != 7:  # noqa: PLR2004  days of a week
        raise FieldInvalid(pointer="/weekly", reason="seven days, Monday first")
    for place, hours in enumerate(terms.weekly):
        clean_hours(hours, pointer=f"/weekly/{place}")
    clean_hours(terms.makeup_hours, pointer="/makeup_hours")
    clean_hours(terms.holiday_hours, pointer="/holiday_hours")
    if terms.region:
        check_region(terms.region)
    if len(terms.own_days) > MOST_OWN_DAYS:
        raise FieldInvalid(pointer="/own_days", reason=f"at most {MOST_OWN_DAYS}")
    for place, day in enumerate(terms.own_days):
        clean_hours(day.hours, pointer=f"/own_days/{place}")
        if len(day.name) > LONGEST_NAME:
            raise FieldInvalid(pointer=f"/own_days/{place}", reason=f"at most {LONGEST_NAME}")
    if len({day.on for day in terms.own_days}) != len(terms.own_days):
        raise FieldInvalid(pointer="/own_days", reason="a day twice")


def is_ever_open(terms: Terms) -> bool:
    """Whether weeks have any working time at all."""
    return terms.is_always_open or any(terms.weekly)


def _check_zone(name: str) -> None:
    wrong = FieldInvalid(pointer="/time_zone", reason="such as Asia/Shanghai")
    if not name or len(name) > LONGEST_ZONE:
        raise wrong
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise wrong from None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
