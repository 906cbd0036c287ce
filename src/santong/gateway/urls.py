"""Addresses that marketplaces are given."""

from __future__ import annotations

from django.urls import path

from santong.gateway import views

# Where a signed call names no address of ours; other requests never come here.
handler404 = "santong.gateway.views.nothing_here"

urlpatterns = [
    path(
        "spi/members/<str:merchant_code>/<str:connection_code>", views.members, name="spi-members"
    ),
]
