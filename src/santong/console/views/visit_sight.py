"""Which visits somebody sees, for every page about them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from santong.console.views.fields import day_of
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of


def seen_by(request: MerchantRequest) -> fieldservice.Sight:
    """A provider's people see their provider's visits, a technician their own."""
    actor: Any = request.whole_actor  # type: ignore[attr-defined]
    return fieldservice.sight_of(merchant_id=request.merchant_id, actor=actor)


def visit_of(request: MerchantRequest, visit_id: str) -> fieldservice.Visit:
    """A visit that is seen. Raises NoSuch."""
    return fieldservice.visit_by_id(
        merchant_id=request.merchant_id,
        visit_id=id_of(visit_id, kind="visit"),
        sight=seen_by(request),
    )


def asked_date(request: MerchantRequest) -> date:
    """The day that was asked for; today without one."""
    return day_of(request.GET.get("on", "")) or timezone.localdate()


def own_provider(request: MerchantRequest, code: str) -> fieldservice.Provider:
    """A provider whose people and days somebody looks after. Raises NoSuch."""
    sight = seen_by(request)
    for each in fieldservice.providers(merchant_id=request.merchant_id, sight=sight):
        if each.code == code and (sight.is_whole or each.id in sight.provider_ids):
            return each
    raise NoSuch(kind="provider", key=code)
