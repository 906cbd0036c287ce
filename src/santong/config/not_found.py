"""What answers where nothing answers: a document for programs, a page for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from santong.config.credentials import MEMBERS_PAGES
from santong.kernel.errors import NoSuchEndpoint
from santong.kernel.http.problems import refusal


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, in the language of whoever asked."""
    if request.path.startswith("/api/"):
        return refusal(request, NoSuchEndpoint(path=request.path))
    if request.path.startswith(MEMBERS_PAGES):
        return defaults.page_not_found(request, exception, template_name="storefront/nothing.html")
    return defaults.page_not_found(request, exception)
