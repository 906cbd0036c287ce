"""Addresses that providers are given."""

from __future__ import annotations

from django.urls import path

from santong.payments import views

urlpatterns = [
    path(
        "spi/payments/<str:merchant_code>/<str:account_code>", views.notice, name="payment-notice"
    ),
]
