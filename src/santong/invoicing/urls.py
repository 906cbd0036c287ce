"""Where the buyer's pages answer."""

from __future__ import annotations

from django.urls import path

from santong.invoicing.views import pages

app_name = "invoicing"

urlpatterns = [
    path("<token>/", pages.receipt_page, name="receipt"),
    path("<token>/receipt.pdf", pages.receipt_file, name="receipt_file"),
    path("<token>/<number>.pdf", pages.invoice_file, name="invoice_file"),
]
