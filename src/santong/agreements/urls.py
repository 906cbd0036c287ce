"""Where the buyer's pages answer."""

from __future__ import annotations

from django.urls import path

from santong.agreements.views import pages

app_name = "agreements"

urlpatterns = [
    path("<token>/", pages.agreement_page, name="page"),
    path("<token>/claims", pages.claim_page, name="claim"),
    path("<token>/agreement.pdf", pages.paper_file, name="paper"),
    path("<token>/files/<evidence_id>", pages.evidence_file, name="file"),
]
