"""Where the console answers, one module for each area."""

from __future__ import annotations

from santong.console.urls import (
    benefits,
    cases,
    goods,
    members,
    money,
    platform,
    presales,
    service,
    staged,
)

urlpatterns = [
    *platform.urlpatterns,
    *goods.urlpatterns,
    *service.urlpatterns,
    *presales.urlpatterns,
    *staged.urlpatterns,
    *cases.urlpatterns,
    *members.urlpatterns,
    *benefits.urlpatterns,
    *money.urlpatterns,
]
