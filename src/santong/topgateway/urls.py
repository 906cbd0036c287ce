"""Addresses that clients of the open platform are given."""

from __future__ import annotations

from django.urls import path

from santong.topgateway.views import router

urlpatterns = [
    path("router/rest", router.rest, name="top-rest"),
    path("router/qm", router.custom, name="top-custom"),
    path("router/qmtest", router.custom_test, name="top-custom-test"),
]
