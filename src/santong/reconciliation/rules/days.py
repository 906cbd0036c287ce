"""A provider's day ends at midnight in Beijing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

BEIJING: Final = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The day that it is for a provider."""
    return moment.astimezone(BEIJING).date()
