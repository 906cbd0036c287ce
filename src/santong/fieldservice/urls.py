"""Where the buyer's page answers."""

from __future__ import annotations

from django.urls import path

from santong.fieldservice.views import pages

app_name = "fieldservice"

urlpatterns = [
    path("<token>/", pages.visit_page, name="visit"),
    path("<token>/visit.ics", pages.calendar_file, name="calendar"),
    path("<token>/photos/<photo_id>", pages.photo, name="photo"),
]
