"""Addresses that marketplaces are given."""

from __future__ import annotations

from django.urls import path

from santong.gateway import views

urlpatterns = [
    path(
        "spi/members/<str:merchant_code>/<str:connection_code>", views.members, name="spi-members"
    ),
]
