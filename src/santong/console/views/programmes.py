"""Programmes: pools, brands' programmes, what they promise and promised once."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import optional_text, text_of, whole_number
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.kernel.errors import DomainError, FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.membership import public as membership
from santong.merchants import public as merchants

VERSIONS_SHOWN: Final = 20
MOST_DAYS: Final = 3_650


@page("programmes.view")
def programme_list(request: MerchantRequest) -> HttpResponse:
    """Every pool with its programmes, and what each promises."""
    return list_page(request)


def list_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """Pools and programmes; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    brands = merchants.brands(merchant_id=merchant_id)
    programmes = membership.programmes(merchant_id=merchant_id)
    taken = {each.brand_id for each in programmes}
    values = {
        "pools": membership.pools(merchant_id=merchant_id),
        "programmes": programmes,
        "brand_by_id": {each.id: each for each in brands},
        "free_brands": [each for each in brands if each.id not in taken],
        "terms": {each.id: promised(merchant_id, each.id) for each in programmes},
        "may_edit": places_of(request, "programmes.edit") is None,
        "may_compare": places_of(request, "settlements.view") != frozenset(),
        "failed": failed,
        "wrong": refused.pointer.strip("/") if isinstance(refused, FieldInvalid) else "",
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "programmes", values, section="programmes", status=status)


@page("programmes.view")
def programme_detail(request: MerchantRequest, programme_id: str) -> HttpResponse:
    """What one programme promises now, how its card looks, and its versions."""
    return detail_page(request, programme_of(request, programme_id))


def detail_page(
    request: MerchantRequest,
    programme: membership.Programme,
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    """The page of a programme; with a refusal beside the card's form."""
    merchant_id = request.merchant_id
    versions = membership.terms_page(
        merchant_id=merchant_id,
        programme_id=programme.id,
        before_id=before_id(request.GET.get("cursor")),
        limit=VERSIONS_SHOWN + 1,
    )
    brand = merchants.brand_by_id(merchant_id=merchant_id, brand_id=programme.brand_id)
    values = {
        "programme": programme,
        "brand": brand,
        "current": promised(merchant_id, programme.id),
        "versions": versions[:VERSIONS_SHOWN],
        "names": merchants.names_by_signature(
            merchant_id=merchant_id, signatures=[each.published_by for each in versions]
        ),
        "may_edit": may_edit(request),
        "may_face": places_of(request, "programmes.edit") is None,
        "refused": refused is not None,
        "wrong": refused.pointer.strip("/") if isinstance(refused, FieldInvalid) else "",
        "refusal": sentence_of(refused) if refused else "",
        "contrast": (
            refused.contrast_hundredths if isinstance(refused, membership.CardUnreadable) else None
        ),
        "sent": request.POST,
        "may_compare": places_of(request, "settlements.view") != frozenset(),
        "next": (
            urlencode({"cursor": cursor_after(versions[VERSIONS_SHOWN - 1].id)})
            if len(versions) > VERSIONS_SHOWN
            else ""
        ),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "programme", values, section="programmes", status=status)


@page("programmes.edit", method="POST")
def card_face(request: MerchantRequest, programme_id: str) -> HttpResponse:
    """Say how the cards of a programme look."""
    programme = programme_of(request, programme_id)

    def act() -> str:
        _everywhere(request)
        membership.set_card_face(
            merchant_id=request.merchant_id,
            programme_code=programme.code,
            card_name=text_of(request, "card_name", longest=60),
            face=membership.CardFace(
                ground=optional_text(request, "ground", longest=7),
                ink=optional_text(request, "ink", longest=7),
                picture=optional_text(request, "picture", longest=200),
                picture_alt=optional_text(request, "picture_alt", longest=120),
            ),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The card looks so from now on."))
        return f"/console/programmes/{programme.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: detail_page(request, programme, refused=refused),
    )


@page("programmes.edit", method="POST")
def open_pool(request: MerchantRequest) -> HttpResponse:
    """Open a pool of points that programmes share; what expires in it is nobody's for now."""

    def act() -> str:
        _everywhere(request)
        now = datetime.now(UTC)
        pool = membership.open_pool(
            merchant_id=request.merchant_id,
            code=text_of(request, "code", longest=40),
            name=text_of(request, "name", longest=120),
            now=now,
        )
        membership.publish_pool_terms(
            merchant_id=request.merchant_id,
            pool_code=pool.code,
            breakage_minor_per_1000=0,
            reason="opening",
            now=now,
        )
        messages.success(request, _("The pool is open."))
        return "/console/programmes/"

    return command(
        request, act=act, again=lambda refused: list_page(request, refused=refused, failed="pool")
    )


@page("programmes.edit", method="POST")
def open_programme(request: MerchantRequest) -> HttpResponse:
    """Open a brand's programme, with its card face and a share in a pool."""

    def act() -> str:
        _everywhere(request)
        made = membership.open_programme(
            merchant_id=request.merchant_id,
            code=text_of(request, "code", longest=40),
            name=text_of(request, "name", longest=120),
            brand_id=id_of(request.POST.get("brand", ""), kind="brand"),
            pool_code=text_of(request, "pool", longest=40),
            card_name=optional_text(request, "card_name", longest=60),
            card_prefix=text_of(request, "card_prefix", longest=8),
            dormant_after_days=whole_number(request, "dormant_after_days", least=1, most=MOST_DAYS),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The programme is open. Now say what it promises."))
        return f"/console/programmes/{made.id}/draft/"

    return command(
        request,
        act=act,
        again=lambda refused: list_page(request, refused=refused, failed="programme"),
    )


def programme_of(request: MerchantRequest, programme_id: str) -> membership.Programme:
    """One programme. Raises NoSuch."""
    return membership.programme_by_id(
        merchant_id=request.merchant_id, programme_id=id_of(programme_id, kind="programme")
    )


def promised(merchant_id: int, programme_id: int) -> membership.PublishedTerms | None:
    """The newest version of a programme's terms, if it promises anything."""
    found = membership.terms_page(
        merchant_id=merchant_id, programme_id=programme_id, before_id=LARGEST_ID, limit=1
    )
    return found[0] if found else None


def may_edit(request: MerchantRequest) -> bool:
    """Whether somebody may change programmes at all."""
    return places_of(request, "programmes.edit") != frozenset()


def _everywhere(request: MerchantRequest) -> None:
    """Pools and programmes are the whole merchant's."""
    if request.actor.location_ids is not None:
        raise PermissionMissing(permission="programmes.edit")
