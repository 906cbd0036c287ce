"""Under which address the installation says who somebody is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def issuer_of(request: HttpRequest) -> str:
    """The public address of the installation; where none is set, the one that was asked."""
    public: str = settings.SANTONG_PUBLIC_URL
    return public.rstrip("/") or request.build_absolute_uri("/").rstrip("/")
