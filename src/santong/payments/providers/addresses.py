"""Where providers reach us."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse

from santong.kernel import cells


def notify_url(*, merchant_id: int, account: str) -> str:
    """Where a provider tells us what happens at an account; empty where nobody can reach us."""
    base: str = settings.SANTONG_PUBLIC_URL
    if not base:
        return ""
    code = cells.code_of(merchant_id)
    return base.rstrip("/") + reverse("payment-notice", args=[code, account])
