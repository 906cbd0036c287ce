"""Presale offers: the list, the form with its preview, and one offer with its numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext as _

from santong.console.forms.presales import (
    field_of_pointer,
    fields_of_new,
    fields_of_terms,
    preview_of,
    rows_shown,
    terms_of_fields,
)
from santong.console.views.fields import text_of
from santong.console.views.frame import (
    command,
    page,
    places_of,
    plain_command,
    sentence_of,
    shown,
)
from santong.console.views.hints import hint_of, sent_fields
from santong.console.views.lists import SHOWN, asked_word, next_page
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.merchants import public as merchants
from santong.presales import public as presales
from santong.stores import public as stores

VIEWS: Final = "presales.view"
EDITS: Final = "presales.edit"
SELLS: Final = "presales.sell"
MOST_PLACES: Final = 200


@page(VIEWS)
def offer_list(request: MerchantRequest) -> HttpResponse:
    """Offers, newest first, by state."""
    state = asked_word(request, "state", among=presales.OFFER_STATES)
    found = presales.offers_page(
        merchant_id=request.merchant_id,
        state=state or None,  # type: ignore[arg-type]  # one of the words of the type
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    now = datetime.now(UTC)
    values = {
        "offers": [(each, presales.stage_of(terms=each.terms, now=now)) for each in found[:SHOWN]],
        "state": state,
        "states": presales.OFFER_STATES,
        "next": next_page(found, state=state),
        "may_edit": places_of(request, EDITS) is None,
    }
    return shown(request, "presales/offers", values, section="presale_offers")


@page(VIEWS)
def offer_detail(request: MerchantRequest, presale_offer_id: str) -> HttpResponse:
    """One offer: its terms, its numbers, its newest presale orders."""
    return offer_page(request, offer_of(request, presale_offer_id))


def offer_page(
    request: MerchantRequest,
    offer: presales.Offer,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one offer; with a refusal beside the form that was refused."""
    now, merchant_id = datetime.now(UTC), request.merchant_id
    whole = request.actor.location_ids is None
    values = {
        "offer": offer,
        "terms": offer.terms,
        "stage": presales.stage_of(terms=offer.terms, now=now),
        "lines": preview_of(offer.terms),
        "figures": (
            presales.offer_figures(merchant_id=merchant_id, offer_id=offer.id) if whole else None
        ),
        "newest": presales.presales_page(
            merchant_id=merchant_id,
            offer_id=offer.id,
            location_ids=request.actor.location_ids,
            limit=10,
        ),
        "may_edit": places_of(request, EDITS) is None,
        **(_join_form(request) if _may_join(request, offer, now) else {}),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "presales/offer", values, section="presale_offers", status=status)


def _may_join(request: MerchantRequest, offer: presales.Offer, now: datetime) -> bool:
    is_open = presales.stage_of(terms=offer.terms, now=now) == "deposit"
    return offer.state == "live" and is_open and places_of(request, SELLS) != frozenset()


def _join_form(request: MerchantRequest) -> dict[str, Any]:
    return {
        "may_join": True,
        "places": places_to_sell_at(request),
        "has_places": places_of(request, SELLS) is not None,
    }


def places_to_sell_at(request: MerchantRequest) -> list[stores.Location]:
    """The stores at which somebody may sell."""
    return stores.locations_page(
        merchant_id=request.merchant_id,
        kind="store",
        is_open=True,
        location_ids=places_of(request, SELLS),
        limit=MOST_PLACES,
    )


@whole_page(EDITS)
def form(request: MerchantRequest, presale_offer_id: str = "") -> HttpResponse:
    """The form of a new offer, or of the next version of one."""
    offer = offer_of(request, presale_offer_id) if presale_offer_id else None
    fields = fields_of_terms(offer.terms) if offer else fields_of_new(now=datetime.now(UTC))
    return _form_page(request, fields, offer=offer)


@whole_page(EDITS, method="POST")
def again(request: MerchantRequest, presale_offer_id: str = "") -> HttpResponse:
    """The form with what it comes to: nothing is written."""
    offer = offer_of(request, presale_offer_id) if presale_offer_id else None
    return _form_page(request, sent_fields(request), offer=offer)


@whole_page(EDITS, method="POST")
def save(request: MerchantRequest, presale_offer_id: str = "") -> HttpResponse:
    """Keep a new offer as a draft, or give one its next version."""
    offer = offer_of(request, presale_offer_id) if presale_offer_id else None
    fields = sent_fields(request)

    def act() -> str:
        asked: dict[str, Any] = {
            "merchant_id": request.merchant_id,
            "terms": terms_of_fields(fields, currency=_currency(request, offer)),
            "now": datetime.now(UTC),
        }
        if offer:
            version = fields.get("version", "")
            kept = presales.revise_offer(
                offer_id=offer.id, version=int(version) if version.isdecimal() else 0, **asked
            )
            messages.success(request, _("Kept. Whoever has joined keeps what they joined."))
        else:
            kept = presales.draft_offer(
                code=fields.get("code", "").strip(),
                storefront_code=fields.get("storefront", ""),
                **asked,
            )
            messages.success(request, _("Drafted. Nobody can join before it is published."))
        return _page_of(kept)

    return command(
        request,
        act=act,
        again=lambda refused: _form_page(request, fields, offer=offer, refused=refused),
    )


@whole_page(EDITS, method="POST")
def publish(request: MerchantRequest, presale_offer_id: str) -> HttpResponse:
    """Let buyers join."""
    offer = offer_of(request, presale_offer_id)
    return plain_command(
        request,
        write=lambda: presales.publish_offer(
            merchant_id=request.merchant_id, offer_id=offer.id, now=datetime.now(UTC)
        ),
        said=_("Published. Buyers can join in the deposit window."),
        where=_page_of(offer),
        again=lambda refused: offer_page(request, offer, refused=refused, failed="publish"),
    )


@whole_page(EDITS, method="POST")
def end(request: MerchantRequest, presale_offer_id: str) -> HttpResponse:
    """Let nobody join any more."""
    offer = offer_of(request, presale_offer_id)
    return plain_command(
        request,
        write=lambda: presales.end_offer(
            merchant_id=request.merchant_id,
            offer_id=offer.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("Ended. Whoever has joined goes on."),
        where=_page_of(offer),
        again=lambda refused: offer_page(request, offer, refused=refused, failed="end"),
    )


def _form_page(
    request: MerchantRequest,
    fields: dict[str, str],
    *,
    offer: presales.Offer | None,
    refused: DomainError | None = None,
) -> HttpResponse:
    currency = _currency(request, offer)
    previewed, windows, problems = _previewed(fields, currency)
    if isinstance(refused, presales.InvalidOffer):
        problems = _sentences(refused.errors)
    values = {
        "offer": offer,
        "fields": fields,
        "currency": currency,
        "rows": rows_shown(fields),
        "storefronts": merchants.storefronts(merchant_id=request.merchant_id),
        "previewed": previewed,
        "windows": windows,
        "problems": problems,
        **_marks(refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "presales/form", values, section="presale_offers", status=status)


def _previewed(
    fields: dict[str, str], currency: str
) -> tuple[list[Any], presales.Terms | None, list[tuple[str, str]]]:
    """What the form comes to, as far as it can be read, and what would be wrong with it."""
    try:
        terms = terms_of_fields(fields, currency=currency)
    except FieldInvalid:
        return [], None, []
    problems = presales.problems_of(terms=terms) if terms.lines else []
    return preview_of(terms), terms, _sentences(problems)


def _sentences(problems: Any) -> list[tuple[str, str]]:
    """The name of each field that is wrong, and why, in words."""
    keys = [(each.pointer, f"presale_problem.{each.reason}") for each in problems]
    return [(field_of_pointer(pointer), gettext(key)) for pointer, key in keys]


def _marks(refused: DomainError | None) -> dict[str, Any]:
    """Where a refusal stands: at its field, or above the form."""
    if refused is None:
        return {"wrong": "", "refusal": "", "hint": "", "is_elsewhere": False}
    if isinstance(refused, presales.InvalidOffer):
        wrong, words = _sentences(refused.errors)[0]
        return {"wrong": wrong, "refusal": words, "hint": "", "is_elsewhere": False}
    wrong = field_of_pointer(getattr(refused, "pointer", ""))
    if isinstance(refused, presales.OfferCodeTaken):
        wrong = "code"
    return {
        "wrong": wrong,
        "refusal": sentence_of(refused),
        "hint": hint_of(refused),
        "is_elsewhere": not wrong,
    }


def offer_of(request: MerchantRequest, presale_offer_id: str) -> presales.Offer:
    return presales.offer_by_id(
        merchant_id=request.merchant_id, offer_id=id_of(presale_offer_id, kind="presale_offer")
    )


def _page_of(offer: presales.Offer) -> str:
    return f"/console/presales/{offer.id}/"


def _currency(request: MerchantRequest, offer: presales.Offer | None) -> str:
    if offer:
        return offer.terms.currency
    currency: str = request.merchant.currency  # type: ignore[attr-defined]
    return currency
