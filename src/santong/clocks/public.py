"""The door of clocks: calendars, policies, and clocks that are started by what happens."""

from santong.clocks.contracts import (
    BYS,
    FIRST_YEAR,
    LAST_YEAR,
    MOST_STEPS,
    STANDINGS,
    STEP_BASES,
    STEP_PLACES,
    By,
    Calendar,
    Clock,
    ClockState,
    Dashboard,
    DayFigures,
    DayOfYear,
    DifferentDay,
    Escalation,
    EscalationState,
    Evaluation,
    EventKind,
    Figures,
    Hours,
    KnownYear,
    NamedCalendar,
    OwnDay,
    Policy,
    Promise,
    Recorded,
    Sight,
    Standing,
    Step,
    StepBasis,
    StepPlace,
    Terms,
    Week,
)
from santong.clocks.errors import (
    CalendarNeverOpen,
    ClockCodeTaken,
    EscalationOver,
    PolicyOutOfUse,
    YearMoved,
    YearRefused,
)
from santong.clocks.rules.hours import read_hours, written_hours
from santong.clocks.rules.library import library_days
from santong.clocks.rules.year_files import days_or_refused, text_of, written_year
from santong.clocks.selectors.calendars import (
    calendar_by_code,
    calendars,
    known_years,
    year_view,
)
from santong.clocks.selectors.clocks import (
    clock_of,
    clock_or_none,
    clocks_of,
    history_of_clock,
    standing_of,
)
from santong.clocks.selectors.figures import clock_terms, dashboard
from santong.clocks.selectors.invariants import check_invariants, check_warnings
from santong.clocks.selectors.lists import (
    clock_by_id,
    clocks_page,
    escalation_by_id,
    escalations_of,
    escalations_page,
    overdue,
)
from santong.clocks.selectors.policies import policies, policy_by_code, policy_or_none
from santong.clocks.selectors.trial import Trial, trial_of
from santong.clocks.selectors.years import (
    YearPreview,
    library_offers,
    preview_year,
    years_wanting,
)
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
    "BYS",
    "FIRST_YEAR",
    "LAST_YEAR",
    "MOST_STEPS",
    "STANDINGS",
    "STEP_BASES",
    "STEP_PLACES",
    "By",
    "Calendar",
    "CalendarNeverOpen",
    "Clock",
    "ClockCodeTaken",
    "ClockState",
    "Dashboard",
    "DayFigures",
    "DayOfYear",
    "DifferentDay",
    "Escalation",
    "EscalationOver",
    "EscalationState",
    "Evaluation",
    "EventKind",
    "Figures",
    "Hours",
    "KnownYear",
    "NamedCalendar",
    "OwnDay",
    "Policy",
    "PolicyOutOfUse",
    "Promise",
    "Recorded",
    "Sight",
    "Standing",
    "Step",
    "StepBasis",
    "StepPlace",
    "Terms",
    "Trial",
    "Week",
    "YearMoved",
    "YearPreview",
    "YearRefused",
    "calendar_by_code",
    "calendars",
    "cancel",
    "change_calendar",
    "change_due",
    "change_policy",
    "check_invariants",
    "check_warnings",
    "clock_by_id",
    "clock_of",
    "clock_or_none",
    "clock_terms",
    "clocks_of",
    "clocks_page",
    "create_calendar",
    "dashboard",
    "days_or_refused",
    "escalation_by_id",
    "escalations_of",
    "escalations_page",
    "finish_escalation",
    "history_of_clock",
    "known_years",
    "library_days",
    "library_offers",
    "load_year",
    "overdue",
    "pause",
    "policies",
    "policy_by_code",
    "policy_or_none",
    "preview_year",
    "publish_policy",
    "read_hours",
    "resume",
    "see_escalation",
    "standing_of",
    "start",
    "stop",
    "text_of",
    "trial_of",
    "written_hours",
    "written_year",
    "year_view",
    "years_wanting",
]
