"""Lists with filters: what was asked for, and where the next page begins."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from santong.console.views.fields import day_of
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import cursor_after

SHOWN: Final = 50
LONGEST: Final = 64
LAST_DAY: Final = date.max


def asked_word(request: MerchantRequest, name: str, *, among: Collection[str]) -> str:
    """A filter's word, if it is one of those that there are."""
    text = request.GET.get(name, "")
    return text if text in among else ""


def asked_text(request: MerchantRequest, name: str) -> str:
    """What was typed into a filter."""
    text = request.GET.get(name, "").strip()[:LONGEST]
    return text if text.isprintable() else ""


def asked_day(request: MerchantRequest, name: str) -> tuple[date, datetime, datetime] | None:
    """A day that was asked for, with its beginning and its end on the merchant's clock."""
    day = day_of(request.GET.get(name, ""))
    if day is None or not date.min < day < LAST_DAY:
        return None
    return day, midnight(request, day), midnight(request, day + timedelta(days=1))


def midnight(request: MerchantRequest, day: date) -> datetime:
    """When a day begins where the merchant is."""
    zone = ZoneInfo(request.merchant.timezone)  # type: ignore[attr-defined]
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def next_page(found: Sequence[Any], **filters: str) -> str:
    """The query of the page that follows one that was read with one row more than is shown."""
    if len(found) <= SHOWN:
        return ""
    kept = {name: text for name, text in filters.items() if text}
    return urlencode({**kept, "cursor": cursor_after(found[SHOWN - 1].id)})
