"""Where the console answers, one module for each area."""

from __future__ import annotations

from santong.console.urls import (
    benefits,
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
    *members.urlpatterns,
    *benefits.urlpatterns,
    *money.urlpatterns,
]
