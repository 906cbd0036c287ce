"""Where the portal answers: apps and what surrounds them, and the tools of developers."""

from __future__ import annotations

from santong.portal.urls import apps, tools

urlpatterns = [*apps.urlpatterns, *tools.urlpatterns]
