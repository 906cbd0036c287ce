"""A batch of coupons is drafted: what is given, under which limits, when, and what it may cost."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.benefits import public as benefits
from santong.console.forms.batches import (
    TERM_FIELDS,
    batch_of_fields,
    field_of,
    fields_of_new,
    terms_of_fields,
)
from santong.console.views.fields import text_of
from santong.console.views.frame import command, page, shown
from santong.console.views.hints import marks_of, sent_fields
from santong.kernel.errors import DomainError, NoSuch, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of

EDITS: Final = "benefits.edit"
MOST_OFFERED: Final = 200


@page(EDITS)
def new_batch(request: MerchantRequest) -> HttpResponse:
    """The form of a batch; empty, with the newest benefit chosen, or the one that was just made."""
    chosen = request.GET.get("benefit", "")
    fields = fields_of_new(now=datetime.now(UTC)) | ({"benefit": chosen} if chosen else {})
    return _batch_form(request, fields)


@page(EDITS, method="POST")
def draft_batch(request: MerchantRequest) -> HttpResponse:
    """Draft the batch; somebody else approves it."""
    fields = sent_fields(request)

    def act() -> str:
        _everywhere(request)
        benefit_id = id_of(fields.get("benefit", ""), kind="benefit")
        asked = batch_of_fields(fields, currency=_currency(request, benefit_id))
        made = benefits.draft_batch(
            merchant_id=request.merchant_id,
            benefit_id=benefit_id,
            supply_id=id_of(fields["supply"], kind="supply") if fields.get("supply") else None,
            now=datetime.now(UTC),
            **asked,
        )
        messages.success(request, _("The batch is drafted. Somebody else approves it."))
        return f"/console/benefits/{made.id}/"

    return command(
        request, act=act, again=lambda refused: _batch_form(request, fields, refused=refused)
    )


@page(EDITS)
def new_benefit(request: MerchantRequest, kind: str) -> HttpResponse:
    """The form of a benefit of a kind, with the terms that this kind has."""
    return _benefit_form(request, _known_kind(kind), {})


@page(EDITS, method="POST")
def create_benefit(request: MerchantRequest, kind: str) -> HttpResponse:
    """Say what can be given; a batch of it is drafted next."""
    known, fields = _known_kind(kind), sent_fields(request)

    def act() -> str:
        _everywhere(request)
        currency = request.merchant.currency  # type: ignore[attr-defined]
        made = benefits.create_benefit(
            merchant_id=request.merchant_id,
            code=text_of(request, "code", longest=60),
            name=text_of(request, "name", longest=100),
            kind=known,
            terms=terms_of_fields(known, fields, currency=currency),
            currency=currency,
            now=datetime.now(UTC),
        )
        messages.success(request, _("The benefit is there. Now draft a batch of it."))
        return f"/console/benefits/new/?benefit={made.id}"

    return command(
        request,
        act=act,
        again=lambda refused: _benefit_form(request, known, fields, refused=refused),
    )


def _batch_form(
    request: MerchantRequest, fields: dict[str, str], *, refused: DomainError | None = None
) -> HttpResponse:
    merchant_id = request.merchant_id
    values = {
        "benefits": benefits.benefits_page(merchant_id=merchant_id, limit=MOST_OFFERED),
        "supplies": benefits.supplies_page(merchant_id=merchant_id, limit=MOST_OFFERED),
        "kinds": tuple(benefits.TERMS),
        "fields": fields,
        **_marks(refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "batch_new", values, section="batches", status=status)


def _benefit_form(
    request: MerchantRequest,
    kind: benefits.Kind,
    fields: dict[str, str],
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    values = {
        "kind": kind,
        "terms": [
            (name, f"term.{name}", TERM_FIELDS.get(name, "text")) for name in benefits.TERMS[kind]
        ],
        "fields": fields,
        **_marks(refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "benefit_new", values, section="batches", status=status)


def _marks(refused: DomainError | None) -> dict[str, Any]:
    return marks_of(refused, wrong=field_of(refused) if refused else "")


def _known_kind(kind: str) -> benefits.Kind:
    for known in benefits.TERMS:
        if known == kind:
            return known
    raise NoSuch(kind="benefit kind", key=kind[:40])


def _currency(request: MerchantRequest, benefit_id: int) -> str:
    offered = benefits.benefits_page(
        merchant_id=request.merchant_id, before_id=benefit_id + 1, limit=1
    )
    own: str = request.merchant.currency  # type: ignore[attr-defined]
    return next((each.currency for each in offered if each.currency), own)


def _everywhere(request: MerchantRequest) -> None:
    """A batch is the whole merchant's."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission=EDITS)
