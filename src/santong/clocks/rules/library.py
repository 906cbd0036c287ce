"""The years that the well-kept library knows: holidays of mainland China, and days made up."""

from __future__ import annotations

from datetime import date
from typing import Any

from chinese_calendar import constants

from santong.clocks.contracts import DifferentDay

REGION = "CN"
_holidays: Any = constants.Holiday  # its members say more than their types do
_NAMES: dict[str, str] = {each.value: each.chinese for each in _holidays}


def library_years() -> tuple[int, ...]:
    """Years of mainland China that came with the product, in order."""
    return tuple(sorted({day.year for day in constants.holidays}))


def library_days(*, year: int) -> tuple[DifferentDay, ...]:
    """Days of a year that differ, in order; nothing of a year that the library does not know."""
    holidays: dict[date, str] = constants.holidays
    makeups: dict[date, str] = constants.workdays
    found = [
        *(
            DifferentDay(on=on, kind="holiday", name=_NAMES.get(name, name))
            for on, name in holidays.items()
            if on.year == year
        ),
        *(
            DifferentDay(on=on, kind="makeup", name=_NAMES.get(name, name))
            for on, name in makeups.items()
            if on.year == year
        ),
    ]
    return tuple(sorted(found, key=lambda day: day.on))
