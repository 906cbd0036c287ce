"""Terms are offered for a document; templates are published; settings are made."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.agreements import public as agreements
from santong.console.forms.agreement_terms import (
    Row,
    is_rearranged,
    rows_of,
    rows_sent,
    terms_in,
)
from santong.console.rules.amounts import minor_of
from santong.console.views.agreements import OFFER, page_of
from santong.console.views.fields import choice_of, optional_text, text_of, whole_number
from santong.console.views.frame import (
    command,
    page,
    places_of,
    plain_command,
    sentence_of,
    shown,
)
from santong.console.views.lists import asked_text
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.merchants import public as merchants
from santong.orders import public as orders

EDIT = "agreements.edit"
TEMPLATES = "/console/agreements/templates/"
_MOST = {"max_window_days": 31, "offer_days": 90, "claim_days": 365, "decide_hours": 720}


@page(OFFER)
def offer_form(request: MerchantRequest) -> HttpResponse:
    """The form of an offer: for which document, by which template."""
    document = asked_text(request, "document")
    code = asked_text(request, "template")
    rows: list[Row] = []
    if code:
        template = agreements.template_by_code(merchant_id=request.merchant_id, code=code)
        today = datetime.now(UTC).astimezone(_zone(request)).date()
        rows = rows_of(
            agreements.on_day(terms=template.terms, day=today),
            fields_by_kind=agreements.FIELDS_BY_KIND,
            currency=_currency(request),
        )
    return _offer_page(request, document=document, code=code, rows=rows)


@page(OFFER, method="POST")
def send_offer(request: MerchantRequest) -> HttpResponse:
    """Offer the terms of the form, or show it with another row."""
    rows = rows_sent(request.POST.dict(), fields_by_kind=agreements.FIELDS_BY_KIND)
    document, code = request.POST.get("document", "")[:60], request.POST.get("template", "")[:40]
    if is_rearranged(request.POST):
        return _offer_page(request, document=document, code=code, rows=rows)

    def act() -> str:
        made = agreements.offer(
            merchant_id=request.merchant_id,
            new=_new(request, document, code, rows),
            offer_days=whole_number(request, "offer_days", least=1, most=90),
            now=datetime.now(UTC),
        )
        messages.success(request, _("Offered. Give the buyer their link: they accept there."))
        return page_of(made.agreement)

    return command(
        request,
        act=act,
        again=lambda refused: _offer_page(
            request, document=document, code=code, rows=rows, refused=refused
        ),
    )


@page("agreements.view")
def template_list(request: MerchantRequest) -> HttpResponse:
    """Templates, what the trades propose, and how agreements are made."""
    return _templates_page(request)


@page(EDIT, method="POST")
def save_settings(request: MerchantRequest) -> HttpResponse:
    """Decide how agreements are made from now on."""

    def write() -> object:
        days = {
            name: whole_number(request, name, least=0 if name == "claim_days" else 1, most=most)
            for name, most in _MOST.items()
        }
        return agreements.set_settings(
            merchant_id=request.merchant_id,
            settings=agreements.Settings(
                **days, needs_signature=bool(request.POST.get("needs_signature"))
            ),
            now=datetime.now(UTC),
        )

    return plain_command(
        request,
        write=write,
        said=_("Holds from now on."),
        where=TEMPLATES,
        again=lambda refused: _templates_page(request, refused=refused),
    )


@page("agreements.view")
def template_detail(request: MerchantRequest, code: str) -> HttpResponse:
    """One template in words, and the form of its next version."""
    merchant_id = request.merchant_id
    known = {each.code for each in agreements.templates(merchant_id=merchant_id)}
    proposed = next((each for each in agreements.PROPOSALS.values() if each.code == code), None)
    if code in known or proposed is None:
        found = agreements.template_by_code(merchant_id=merchant_id, code=code)
        return _template_page(request, code, found.name, found.category, _rows(request, found))
    return _template_page(request, code, proposed.name, proposed.category, _rows(request, proposed))


@page(EDIT, method="POST")
def publish_template(request: MerchantRequest, code: str) -> HttpResponse:
    """Publish the next version, or show the form with another row."""
    rows = rows_sent(request.POST.dict(), fields_by_kind=agreements.TEMPLATE_FIELDS_BY_KIND)
    name, category = request.POST.get("name", "")[:80], request.POST.get("category", "")
    if is_rearranged(request.POST):
        return _template_page(request, code, name, category, rows)
    return plain_command(
        request,
        write=lambda: agreements.publish_template(
            merchant_id=request.merchant_id,
            code=code,
            name=text_of(request, "name", longest=80),
            category=choice_of(request, "category", among=agreements.CATEGORIES),  # type: ignore[arg-type]  # one of the words
            terms=terms_in(rows, currency=_currency(request)),
            newest=whole_number(request, "newest", least=0, most=100_000),
            now=datetime.now(UTC),
        ),
        said=_("Published. Offers that were made stay as they were."),
        where=f"{TEMPLATES}{code}/",
        again=lambda refused: _template_page(request, code, name, category, rows, refused=refused),
    )


def _offer_page(
    request: MerchantRequest,
    *,
    document: str,
    code: str,
    rows: list[Row],
    refused: DomainError | None = None,
) -> HttpResponse:
    order_id = orders.order_of_document(document=document)
    values = {
        "document": document,
        "is_order": order_id is not None,
        "code": code,
        "templates": [
            each for each in agreements.templates(merchant_id=request.merchant_id) if each.is_in_use
        ],
        **_of_rows(request, rows, refused),
        "offer_days": request.POST.get("offer_days")
        or agreements.settings_of(merchant_id=request.merchant_id).offer_days,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "agreements/offer", values, section="agreements", status=status)


def _templates_page(
    request: MerchantRequest, *, refused: DomainError | None = None
) -> HttpResponse:
    found = agreements.templates(merchant_id=request.merchant_id)
    known = {each.code for each in found}
    values = {
        "templates": found,
        "proposals": [each for each in agreements.PROPOSALS.values() if each.code not in known],
        "settings": asdict(agreements.settings_of(merchant_id=request.merchant_id)),
        "may_edit": places_of(request, EDIT) is None,
        "currency": _currency(request),
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", "").strip("/"),
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "agreements/templates", values, section="agreements", status=status)


def _template_page(
    request: MerchantRequest,
    code: str,
    name: str,
    category: str,
    rows: list[Row],
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    every = {each.code: each for each in agreements.templates(merchant_id=request.merchant_id)}
    values = {
        "code": code,
        "name": name,
        "category": category,
        "categories": agreements.CATEGORIES,
        "template": every.get(code),
        "newest": every[code].version if code in every else 0,
        "may_edit": places_of(request, EDIT) is None,
        **_of_rows(request, rows, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "agreements/template", values, section="agreements", status=status)


def _of_rows(
    request: MerchantRequest, rows: list[Row], refused: DomainError | None
) -> dict[str, Any]:
    """What every form of terms shows."""
    pointer = getattr(refused, "pointer", "")
    parts = pointer.strip("/").split("/")
    return {
        "rows": rows,
        "kinds": agreements.KINDS,
        "remedies": agreements.REMEDIES,
        "bearers": agreements.BEARERS,
        "currency": _currency(request),
        "refusal": sentence_of(refused) if refused else "",
        "wrong": pointer.strip("/"),
        "why": getattr(refused, "reason", ""),
        "wrong_row": int(parts[1])
        if parts[0] == "terms" and parts[1:2] and parts[1].isdecimal()
        else -1,
        "sent": request.POST,
    }


def _new(
    request: MerchantRequest, document: str, code: str, rows: list[Row]
) -> agreements.NewAgreement:
    currency = _currency(request)
    category, version = "other", 0
    if code:
        template = agreements.template_by_code(merchant_id=request.merchant_id, code=code)
        category, version = template.category, template.version
    total = 1
    if orders.order_of_document(document=document) is None:
        total = minor_of(text=text_of(request, "total", longest=20), currency=currency) or 0
        if not total:
            raise FieldInvalid(pointer="/total", reason="an amount above nothing")
    return agreements.NewAgreement(
        document=document,
        terms=terms_in(rows, currency=currency),
        total_minor=total,
        currency=currency,
        category=category,  # type: ignore[arg-type]  # one of the words
        template_code=code,
        template_version=version,
        buyer=agreements.Buyer(
            name=optional_text(request, "buyer_name", longest=100),
            phone=optional_text(request, "buyer_phone", longest=30),
        ),
    )


def _rows(request: MerchantRequest, found: agreements.Template | agreements.Proposal) -> list[Row]:
    return rows_of(
        found.terms,
        fields_by_kind=agreements.TEMPLATE_FIELDS_BY_KIND,
        currency=_currency(request),
    )


def _currency(request: MerchantRequest) -> str:
    merchant: merchants.Merchant = request.merchant  # type: ignore[attr-defined]
    return merchant.currency


def _zone(request: MerchantRequest) -> ZoneInfo:
    merchant: merchants.Merchant = request.merchant  # type: ignore[attr-defined]
    return ZoneInfo(merchant.timezone)
