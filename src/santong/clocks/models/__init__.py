"""The tables of clocks."""

from santong.clocks.models.calendars import Calendar, CalendarDay, CalendarVersion, CalendarYear
from santong.clocks.models.clocks import Clock, ClockEvent
from santong.clocks.models.escalations import Escalation
from santong.clocks.models.policies import Policy, PolicyVersion

__all__ = [
    "Calendar",
    "CalendarDay",
    "CalendarVersion",
    "CalendarYear",
    "Clock",
    "ClockEvent",
    "Escalation",
    "Policy",
    "PolicyVersion",
]
