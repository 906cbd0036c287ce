"""Supplies: what is left of suppliers' codes, whose alarm has rung, and codes that come in."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from santong.benefits import public as benefits
from santong.console.forms.supplies import (
    change_of_fields,
    fields_of_supply,
    supply_field_of,
)
from santong.console.views.frame import command, page, places_of, shown
from santong.console.views.hints import marks_of, sent_fields
from santong.kernel.errors import DomainError, FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after, id_of
from santong.merchants import public as merchants

SHOWN: Final = 50
EDITS: Final = "benefits.edit"
LARGEST_FILE: Final = 20_000_000


@page("benefits.view")
def supply_list(request: MerchantRequest) -> HttpResponse:
    """Where benefits come from, newest first: what came in, what is promised, what is left."""
    found = benefits.supply_stocks(
        merchant_id=request.merchant_id,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
        now=datetime.now(UTC),
    )
    values = {
        "stocks": found[:SHOWN],
        "may_create": places_of(request, EDITS) is None,
        "low": [stock for stock in found[:SHOWN] if stock.is_low],
        "next": (
            urlencode({"cursor": cursor_after(found[SHOWN - 1].supply.id)})
            if len(found) > SHOWN
            else ""
        ),
    }
    return shown(request, "supplies", values, section="supplies")


@page("benefits.view")
def supply_detail(request: MerchantRequest, supply_id: str) -> HttpResponse:
    """One supply: stock, contract, files that came in."""
    return _supply_page(request, supply_id)


@page(EDITS, method="POST")
def check_codes(request: MerchantRequest, supply_id: str) -> HttpResponse:
    """What a file would bring, and which lines are wrong; nothing is taken."""
    try:
        checked = benefits.check_codes(
            merchant_id=request.merchant_id,
            supply_id=id_of(supply_id, kind="supply"),
            content=_file(request)[1],
        )
    except DomainError as refused:
        return _supply_page(request, supply_id, refused=refused)
    return _supply_page(request, supply_id, checked=checked)


@page(EDITS, method="POST")
def take_codes(request: MerchantRequest, supply_id: str) -> HttpResponse:
    """Take every code of a file, or none because a line is wrong."""
    number = id_of(supply_id, kind="supply")

    def act() -> str:
        if request.actor.location_ids is not None:
            raise PermissionMissing(permission=EDITS)
        name, content = _file(request)
        report = benefits.import_whole_file(
            merchant_id=request.merchant_id,
            supply_id=number,
            content=content,
            file_name=name,
            key=f"console-{request.POST.get('key', '')[:80]}",
            now=datetime.now(UTC),
        )
        told = ngettext("%(n)s code was taken.", "%(n)s codes were taken.", report.taken)
        messages.success(request, told % {"n": f"{report.taken:,}"})
        return f"/console/supplies/{number}/"

    return command(
        request, act=act, again=lambda refused: _again(request, supply_id, refused=refused)
    )


@page(EDITS, method="POST")
def change_supply(request: MerchantRequest, supply_id: str) -> HttpResponse:
    """Renew or end the contract, call the supply otherwise, ring its alarm earlier or later."""
    number = id_of(supply_id, kind="supply")
    fields = sent_fields(request)

    def act() -> str:
        if request.actor.location_ids is not None:
            raise PermissionMissing(permission=EDITS)
        benefits.change_supply(
            merchant_id=request.merchant_id,
            supply_id=number,
            now=datetime.now(UTC),
            **change_of_fields(fields),
        )
        messages.success(request, _("The supply is changed."))
        return f"/console/supplies/{number}/"

    return command(
        request,
        act=act,
        again=lambda refused: _supply_page(request, supply_id, refused=refused, fields=fields),
    )


def _again(request: MerchantRequest, supply_id: str, *, refused: DomainError) -> HttpResponse:
    """The page with every line that is wrong, where that is why nothing was taken."""
    if not isinstance(refused, benefits.LinesRefused):
        return _supply_page(request, supply_id, refused=refused)
    checked = benefits.check_codes(
        merchant_id=request.merchant_id,
        supply_id=id_of(supply_id, kind="supply"),
        content=_file(request)[1],
    )
    return _supply_page(request, supply_id, checked=checked, refused=refused)


def _supply_page(
    request: MerchantRequest,
    supply_id: str,
    *,
    checked: benefits.CodeCheck | None = None,
    refused: DomainError | None = None,
    fields: dict[str, str] | None = None,
) -> HttpResponse:
    """One supply; with a refusal beside the form of codes, or that of the contract (`fields`)."""
    number = id_of(supply_id, kind="supply")
    stock = benefits.supply_stock(
        merchant_id=request.merchant_id, supply_id=number, now=datetime.now(UTC)
    )
    imports = benefits.imports_of(merchant_id=request.merchant_id, supply_id=number, limit=SHOWN)
    is_change = fields is not None
    values: dict[str, Any] = {
        "stock": stock,
        "fields": fields if is_change else fields_of_supply(stock.supply),
        "is_change": is_change,
        "imports": imports,
        "names": merchants.names_by_signature(
            merchant_id=request.merchant_id, signatures=[each.actor for each in imports]
        ),
        "may_import": places_of(request, EDITS) is None,
        "checked": checked,
        **marks_of(refused, wrong=supply_field_of(refused) if refused and is_change else ""),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "supply", values, section="supplies", status=status)


def _file(request: MerchantRequest) -> tuple[str, bytes]:
    """The name and the content of the file that was chosen. Raises FieldInvalid."""
    sent = request.FILES.get("file")
    if sent is None or not sent.name:
        raise FieldInvalid(pointer="/file", reason="is missing")
    if sent.size is None or sent.size > LARGEST_FILE:
        raise FieldInvalid(pointer="/file", reason=f"at most {LARGEST_FILE} bytes")
    sent.seek(0)
    name = "".join(letter for letter in sent.name if letter.isprintable())
    return name, sent.read()
