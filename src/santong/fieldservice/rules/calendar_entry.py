"""A visit as an entry of a buyer's calendar: RFC 5545, one name for good, a sequence that grows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from icalendar import Alarm, Calendar, Event

from santong.fieldservice.contracts import Visit

REMINDED_BEFORE = timedelta(hours=2)


def calendar_entry(*, visit: Visit, house: str, domain: str, address: str, now: datetime) -> bytes:
    """The entry of a visit that has a window; called off, it takes the entry out again.

    It names neither the buyer nor their house: calendars are shared.
    """
    assert visit.window is not None
    is_off = visit.state == "cancelled"
    entry: Any = Calendar()
    entry.add("prodid", "-//Santong//fieldservice//EN")
    entry.add("version", "2.0")
    entry.add("method", "CANCEL" if is_off else "PUBLISH")
    event: Any = Event()
    event.add("uid", f"visit-{visit.id}@{domain.partition(':')[0]}")
    event.add("sequence", visit.sequence)
    event.add("dtstamp", now)
    event.add("dtstart", visit.window.starts_at)
    event.add("dtend", visit.window.ends_at)
    event.add("summary", f"{visit.service_name} · {house}")
    event.add("url", address)
    event.add("status", "CANCELLED" if is_off else "CONFIRMED")
    if not is_off:
        alarm: Any = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{visit.service_name} · {house}")
        alarm.add("trigger", -REMINDED_BEFORE)
        event.add_component(alarm)
    entry.add_component(event)
    written: bytes = entry.to_ical()
    return written
