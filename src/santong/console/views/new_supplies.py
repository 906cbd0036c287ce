"""Suppliers and supplies are made: who delivers, what, at which cost, until when."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.benefits import public as benefits
from santong.console.forms.supplies import (
    fields_of_new_supply,
    supply_field_of,
    supply_of_fields,
)
from santong.console.views.frame import command, page, shown
from santong.console.views.hints import marks_of, sent_fields
from santong.kernel.errors import DomainError, PermissionMissing
from santong.kernel.http.auth import MerchantRequest

EDITS: Final = "benefits.edit"
MOST_OFFERED: Final = 200


@page(EDITS)
def new_supplier(request: MerchantRequest) -> HttpResponse:
    """The form of a supplier."""
    return _supplier_form(request, {})


@page(EDITS, method="POST")
def create_supplier(request: MerchantRequest) -> HttpResponse:
    """Name a supplier; what it delivers is said next."""
    fields = sent_fields(request)

    def act() -> str:
        _everywhere(request)
        made = benefits.create_supplier(
            merchant_id=request.merchant_id,
            code=fields.get("code", "").strip(),
            name=fields.get("name", ""),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The supplier is there. Now say what it delivers."))
        return f"/console/supplies/new/?supplier={made.id}"

    return command(
        request, act=act, again=lambda refused: _supplier_form(request, fields, refused=refused)
    )


@page(EDITS)
def new_supply(request: MerchantRequest) -> HttpResponse:
    """The form of a supply; of the supplier that was just made, or of one that is chosen."""
    fields = fields_of_new_supply(
        supplier=request.GET.get("supplier", ""),
        currency=request.merchant.currency,  # type: ignore[attr-defined]
    )
    return _supply_form(request, fields)


@page(EDITS, method="POST")
def create_supply(request: MerchantRequest) -> HttpResponse:
    """Say where something comes from, and what it costs."""
    fields = sent_fields(request)

    def act() -> str:
        _everywhere(request)
        made = benefits.create_supply(
            merchant_id=request.merchant_id, now=datetime.now(UTC), **supply_of_fields(fields)
        )
        if made.kind == "codes":
            messages.success(request, _("The supply is there. Now bring its codes in."))
        else:
            messages.success(request, _("The supply is there."))
        return f"/console/supplies/{made.id}/"

    return command(
        request, act=act, again=lambda refused: _supply_form(request, fields, refused=refused)
    )


def _supplier_form(
    request: MerchantRequest, fields: dict[str, str], *, refused: DomainError | None = None
) -> HttpResponse:
    values = {"fields": fields, **_marks(refused)}
    return shown(request, "supplier_new", values, section="supplies", status=_status(refused))


def _supply_form(
    request: MerchantRequest, fields: dict[str, str], *, refused: DomainError | None = None
) -> HttpResponse:
    values = {
        "suppliers": benefits.suppliers_page(merchant_id=request.merchant_id, limit=MOST_OFFERED),
        "adapters": benefits.ADAPTERS,
        "fields": fields,
        **_marks(refused),
    }
    return shown(request, "supply_new", values, section="supplies", status=_status(refused))


def _marks(refused: DomainError | None) -> dict[str, Any]:
    return marks_of(refused, wrong=supply_field_of(refused) if refused else "")


def _status(refused: DomainError | None) -> int:
    return refused.status if refused else HTTPStatus.OK


def _everywhere(request: MerchantRequest) -> None:
    """Supplies are the whole merchant's."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission=EDITS)
