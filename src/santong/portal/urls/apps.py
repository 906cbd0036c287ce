"""Where the landing page, apps, authorisations, settings and the sandbox answer."""

from __future__ import annotations

from django.urls import path

from santong.portal.views import overview

urlpatterns = [
    path("", overview.landing, name="portal_landing"),
    path("home/", overview.home, name="portal_home"),
]
