"""Where the buyer's pages of cases answer."""

from __future__ import annotations

from django.urls import path

from santong.aftersales.views import pages

app_name = "aftersales"

urlpatterns = [
    path("<token>/", pages.order_page, name="order"),
    path("<token>/<number>/", pages.case_page, name="case"),
    path("<token>/<number>/files/<evidence_id>/", pages.case_file, name="case_file"),
]
