"""The door of clocks: calendars, policies, and clocks that are started by what happens."""

from santong.clocks.contracts import (
    Calendar,
    Clock,
    ClockState,
    DifferentDay,
    Evaluation,
    KnownYear,
    NamedCalendar,
    OwnDay,
    Policy,
    Promise,
    Recorded,
    Step,
    Terms,
)
from santong.clocks.errors import (
    CalendarNeverOpen,
    ClockCodeTaken,
    EscalationOver,
    PolicyOutOfUse,
    YearMoved,
    YearRefused,
)
from santong.clocks.selectors.calendars import calendar_by_code, calendars, known_years
from santong.clocks.selectors.clocks import (
    clock_of,
    clock_or_none,
    clocks_of,
    history_of_clock,
    standing_of,
)
from santong.clocks.selectors.invariants import check_invariants, check_warnings
from santong.clocks.selectors.policies import policies, policy_by_code, policy_or_none
from santong.clocks.selectors.years import preview_year, years_wanting
from santong.clocks.services.answer_escalation import finish_escalation, see_escalation
from santong.clocks.services.cancel import cancel
from santong.clocks.services.change_calendar import change_calendar
from santong.clocks.services.change_due import change_due
from santong.clocks.services.change_policy import change_policy
from santong.clocks.services.create_calendar import create_calendar
from santong.clocks.services.load_year import load_year
from santong.clocks.services.pause import pause
from santong.clocks.services.publish_policy import publish_policy
from santong.clocks.services.resume import resume
from santong.clocks.services.start import start
from santong.clocks.services.stop import stop

__all__ = [
    "Calendar",
    "CalendarNeverOpen",
    "Clock",
    "ClockCodeTaken",
    "ClockState",
    "DifferentDay",
    "EscalationOver",
    "Evaluation",
    "KnownYear",
    "NamedCalendar",
    "OwnDay",
    "Policy",
    "PolicyOutOfUse",
    "Promise",
    "Recorded",
    "Step",
    "Terms",
    "YearMoved",
    "YearRefused",
    "calendar_by_code",
    "calendars",
    "cancel",
    "change_calendar",
    "change_due",
    "change_policy",
    "check_invariants",
    "check_warnings",
    "clock_of",
    "clock_or_none",
    "clocks_of",
    "create_calendar",
    "finish_escalation",
    "history_of_clock",
    "known_years",
    "load_year",
    "pause",
    "policies",
    "policy_by_code",
    "policy_or_none",
    "preview_year",
    "publish_policy",
    "resume",
    "see_escalation",
    "standing_of",
    "start",
    "stop",
    "years_wanting",
]
