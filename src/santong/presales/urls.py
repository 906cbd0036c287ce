"""Where the buyer's page answers."""

from __future__ import annotations

from django.urls import path

from santong.presales.views import pages

app_name = "presales"

urlpatterns = [
    path("<token>/", pages.presale_page, name="presale"),
    path("<token>/pay/", pages.pay, name="pay"),
    path("<token>/cancel/", pages.let_go, name="let_go"),
]
