"""Addresses that other systems are given."""

from __future__ import annotations

from django.urls import path

from santong.qimen import views

urlpatterns = [
    path("router/qimen/service", views.service, name="qimen-service"),
    path("qimen", views.service, name="qimen"),
]
