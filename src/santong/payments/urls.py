"""Addresses that providers and buyers are given."""

from __future__ import annotations

from django.urls import path

from santong.payments.views import notices, pay

urlpatterns = [
    path(
        "spi/payments/<str:merchant_code>/<str:account_code>", notices.notice, name="payment-notice"
    ),
    path("pay/simulated/<str:page_token>", pay.pay_page, name="pay-simulated"),
]
