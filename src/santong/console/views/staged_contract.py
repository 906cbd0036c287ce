"""The contract that is signed in the store, and what is proposed to be changed of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from santong.console.forms.reading import amount_in
from santong.console.forms.stages import dated, drafts_in, rows_of
from santong.console.views.fields import day_of, text_of
from santong.console.views.frame import command, page, sentence_of, shown
from santong.console.views.staged_commands import kept_photos
from santong.console.views.staged_sales import SELL, now, seen_sale
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.stagedsales import public as stagedsales


@page(SELL)
def contract_form(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """The form of a contract; what was typed shows what each stage would come to."""
    return _contract_page(request, seen_sale(request, staged_sale_id), request.GET)


@page(SELL, method="POST")
def sign(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """Freeze what was signed, with its photos."""
    sale = seen_sale(request, staged_sale_id)
    plan = _plan(request, sale)

    def act() -> str:
        signed_on = day_of(request.POST.get("signed_on", ""))
        if signed_on is None:
            raise FieldInvalid(pointer="/signed_on", reason="a day")
        stagedsales.sign_contract(
            merchant_id=request.merchant_id,
            sale_id=sale.id,
            number=text_of(request, "number", longest=60),
            amount_minor=_amount(request.POST, sale.currency),
            signed_on=signed_on,
            photo_ids=kept_photos(request, sale),
            stages=dated(plan.terms.stages, request.POST, currency=sale.currency),
            now=now(),
        )
        messages.success(request, _("Signed. The deposit counts for its stage from now on."))
        return f"/console/staged-sales/{sale.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: _contract_page(request, sale, request.POST, refused=refused),
    )


@page(SELL)
def change_form(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """The form of a change order; what was typed shows what it would come to."""
    return _change_page(request, seen_sale(request, staged_sale_id), request.GET)


@page(SELL, method="POST")
def propose(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """Propose a change; the buyer decides on their page."""
    sale = seen_sale(request, staged_sale_id)

    def act() -> str:
        stagedsales.propose_change(
            merchant_id=request.merchant_id,
            sale_id=sale.id,
            amount_minor=_amount(request.POST, sale.currency),
            drafts=drafts_in(request.POST, currency=sale.currency),
            reason=text_of(request, "reason"),
            now=now(),
        )
        messages.success(request, _("Proposed. It counts once the buyer has agreed on their page."))
        return f"/console/staged-sales/{sale.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: _change_page(request, sale, request.POST, refused=refused),
    )


def _contract_page(
    request: MerchantRequest,
    sale: stagedsales.StagedSale,
    sent: Mapping[str, str],
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    plan = _plan(request, sale)
    stages = plan.terms.stages
    amounts: tuple[int, ...] = ()
    try:
        stages = dated(plan.terms.stages, sent, currency=sale.currency)
        if sent.get("amount"):
            amounts = stagedsales.preview_contract(
                merchant_id=request.merchant_id,
                sale_id=sale.id,
                amount_minor=_amount(sent, sale.currency),
                stages=stages,
            )
    except FieldInvalid as wrong:
        refused = refused or wrong
    values: dict[str, Any] = {
        "sale": sale,
        "plan": plan,
        "rows": [
            {"stage": stage, "amount": amounts[place] if amounts else None}
            for place, stage in enumerate(stages)
        ],
        "today": timezone.localtime(datetime.now(UTC)).date().isoformat(),
        "refusal": sentence_of(refused) if refused else "",
        "why": getattr(refused, "reason", ""),
        "sent": sent,
    }
    status = refused.status if refused and request.method == "POST" else HTTPStatus.OK
    return shown(request, "staged/contract", values, section="staged_sales", status=status)


def _change_page(
    request: MerchantRequest,
    sale: stagedsales.StagedSale,
    sent: Mapping[str, str],
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    drafts = stagedsales.open_drafts(merchant_id=request.merchant_id, sale_id=sale.id)
    amounts: tuple[int, ...] = ()
    back: int | None = None
    try:
        if sent.get("amount"):
            drafts = drafts_in(sent, currency=sale.currency)
            amounts, back = stagedsales.preview_change(
                merchant_id=request.merchant_id,
                sale_id=sale.id,
                amount_minor=_amount(sent, sale.currency),
                drafts=drafts,
            )
    except DomainError as wrong:
        refused = refused or wrong
    values: dict[str, Any] = {
        "sale": sale,
        "rows": rows_of(drafts, spare=2),
        "amounts": dict(enumerate(amounts)),
        "back": back,
        "bases": stagedsales.BASES,
        "dues": stagedsales.DUES,
        "refusal": sentence_of(refused) if refused else "",
        "why": getattr(refused, "reason", ""),
        "sent": sent,
    }
    status = refused.status if refused and request.method == "POST" else HTTPStatus.OK
    return shown(request, "staged/change", values, section="staged_sales", status=status)


def _plan(request: MerchantRequest, sale: stagedsales.StagedSale) -> stagedsales.StagePlan:
    """The version that the sale was made by."""
    versions = stagedsales.versions_of(merchant_id=request.merchant_id, code=sale.plan_code)
    return next(each for each in versions if each.version == sale.plan_version)


def _amount(fields: Mapping[str, str], currency: str) -> int:
    amount = amount_in(fields, "amount", currency)
    if not amount:
        raise FieldInvalid(pointer="/amount", reason="an amount above nothing")
    return amount
