"""Where promised times, agreements, staged sales, visits and cases answer."""

from __future__ import annotations

from django.urls import URLPattern, path

from santong.console.urls import visits
from santong.console.urls.agreements import urlpatterns as agreements
from santong.console.views import (
    clock_policies,
    escalations,
    holiday_years,
    promises,
    work_calendars,
)

urlpatterns: list[URLPattern] = [
    *agreements,
    path("console/promises/", promises.dashboard, name="promises"),
    path("console/promises/clocks/", promises.clock_list, name="clock_list"),
    path("console/promises/clocks/<clock_id>/", promises.clock_detail, name="clock"),
    path("console/escalations/", escalations.inbox, name="escalations"),
    path("console/escalations/<escalation_id>/see/", escalations.see, name="escalation_see"),
    path(
        "console/escalations/<escalation_id>/finish/",
        escalations.finish,
        name="escalation_finish",
    ),
    path("console/clock-policies/", clock_policies.policy_list, name="clock_policies"),
    path("console/clock-policies/new/", clock_policies.policy_new, name="clock_policy_new"),
    path(
        "console/clock-policies/publish/",
        clock_policies.policy_publish,
        name="clock_policy_publish",
    ),
    path(
        "console/clock-policies/<policy_code>/", clock_policies.policy_detail, name="clock_policy"
    ),
    path("console/work-calendars/", work_calendars.calendar_list, name="work_calendars"),
    path(
        "console/work-calendars/create/",
        work_calendars.calendar_create,
        name="work_calendar_create",
    ),
    path(
        "console/work-calendars/<calendar_code>/",
        work_calendars.calendar_detail,
        name="work_calendar",
    ),
    path(
        "console/work-calendars/<calendar_code>/change/",
        work_calendars.calendar_change,
        name="work_calendar_change",
    ),
    path("console/holiday-years/<region>/", holiday_years.years, name="holiday_years"),
    path(
        "console/holiday-years/<region>/preview/",
        holiday_years.preview_file,
        name="holiday_year_preview",
    ),
    path("console/holiday-years/<region>/take/", holiday_years.take_file, name="holiday_year_take"),
    *visits.urlpatterns,
]
