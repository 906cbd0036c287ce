"""Where visits answer, with who makes them."""

from __future__ import annotations

from django.urls import URLPattern, path

from santong.console.views import (
    day_plans,
    service_types,
    visit_commands,
    visit_new,
    visit_people,
    visit_work,
    visits,
)

urlpatterns: list[URLPattern] = [
    path("console/visits/", visits.visit_list, name="visits"),
    path("console/visits/board/", visits.visit_board, name="visit_board"),
    path("console/visits/new/", visit_new.visit_new, name="visit_new"),
    path("console/visits/ask/", visit_new.visit_ask, name="visit_ask"),
    path("console/visits/<visit_id>/", visits.visit_detail, name="visit"),
    path("console/visits/<visit_id>/do/", visit_commands.visit_dispatch, name="visit_dispatch"),
    path("console/visits/<visit_id>/link/", visit_commands.visit_link, name="visit_link"),
    path("console/visits/<visit_id>/reveal/", visit_commands.visit_reveal, name="visit_reveal"),
    path(
        "console/visits/<visit_id>/photos/<photo_id>/", visit_work.visit_photo, name="visit_photo"
    ),
    path("console/my-day/", visit_work.my_day, name="my_day"),
    path("console/my-visits/<visit_id>/", visit_work.my_visit, name="my_visit"),
    path("console/my-visits/<visit_id>/do/", visit_commands.visit_work_do, name="visit_work"),
    path("console/day-plans/", day_plans.plan_list, name="day_plans"),
    path("console/day-plans/propose/", day_plans.plan_propose, name="day_plan_propose"),
    path("console/day-plans/<plan_id>/", day_plans.plan_detail, name="day_plan"),
    path("console/day-plans/<plan_id>/take/", day_plans.plan_take, name="day_plan_take"),
    path("console/day-plans/<plan_id>/refuse/", day_plans.plan_refuse, name="day_plan_refuse"),
    path("console/technicians/", visit_people.technician_list, name="technicians"),
    path("console/technicians/keep/", visit_people.technician_keep, name="technician_keep"),
    path("console/technicians/provider/", visit_people.provider_keep, name="provider_keep"),
    path("console/technicians/<code>/", visit_people.technician_detail, name="technician"),
    path(
        "console/technicians/<code>/hours/", visit_people.technician_hours, name="technician_hours"
    ),
    path(
        "console/technicians/<code>/leave/", visit_people.technician_leave, name="technician_leave"
    ),
    path("console/service-types/", service_types.service_type_list, name="service_types"),
    path("console/service-types/keep/", service_types.service_type_keep, name="service_type_keep"),
    path("console/territories/keep/", service_types.territory_keep, name="territory_keep"),
]
