"""The page behind an agreement's link. No log-in: whoever has the link is its buyer."""

from __future__ import annotations

import functools
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from santong.agreements import contracts
from santong.agreements.errors import LinkGone, NoPaper, TooOften
from santong.agreements.selectors.links import agreement_of_link, link_of
from santong.agreements.selectors.papers import paper_of
from santong.agreements.selectors.settings import settings_of
from santong.agreements.selectors.verification import verify_agreement
from santong.agreements.services.accept import accept
from santong.agreements.services.claim import claim
from santong.agreements.services.make_paper import make_paper
from santong.evidence import public as evidence
from santong.kernel import attempts, cells, tenancy
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.links import Link
from santong.merchants import public as merchants
from santong.orders import public as orders

BUYER = tenancy.Actor(kind="buyer", id="", name="")
MOST_SENT = 12
DOCUMENT_KINDS = ("order", "stagedsale")
WITHIN = timedelta(hours=1)

View = Callable[..., HttpResponse]


class BuyerRequest(HttpRequest):
    """A request with a link that is well written."""

    request_id: str
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a link opens, and whose it is."""

    house: merchants.Merchant
    agreement: contracts.Agreement


def behind_link(*methods: str) -> Callable[[View], View]:
    """A page that its link opens. It runs outside any scope, and opens one for what it does."""

    def guard(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: BuyerRequest, token: str, **values: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            try:
                request.link = link_of(token=token)
                response = view(request, token=token, **values)
            except (LinkGone, NoPaper, NoSuch, cells.UnknownMerchant):
                response = render(request, "agreements/gone.html", status=HTTPStatus.NOT_FOUND)
            add_never_cache_headers(response)
            # Without a referrer a form of our own would come from nowhere, and be refused.
            response["Referrer-Policy"] = "same-origin"
            response["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    return guard


@behind_link("GET", "HEAD", "POST")
@sensitive_post_parameters("name", "signature")
def agreement_page(request: BuyerRequest, token: str) -> HttpResponse:
    """Every term in plain words; accepted by a tick and a name, or a signature."""
    if request.method != "POST":
        return _shown(request, token)
    try:
        agreement_id = _accepted(request)
    except DomainError as refused:
        return _shown(request, token, refused=refused, form="accept")
    _write_paper(request, agreement_id)
    return HttpResponseRedirect(f"{request.path}#accepted")


@behind_link("POST")
def claim_page(request: BuyerRequest, token: str) -> HttpResponse:
    """Say that something was not kept, with photos."""
    try:
        _claimed(request)
    except DomainError as refused:
        return _shown(request, token, refused=refused, form="claim")
    return HttpResponseRedirect(f"/a/{token}/#claims")


@behind_link("GET", "HEAD")
def paper_file(request: BuyerRequest, token: str) -> HttpResponse:
    """The signed paper."""
    with _scope(request):
        found = _open(request).agreement
        paper = paper_of(merchant_id=request.link.merchant_id, agreement_id=found.id)
    return HttpResponse(
        paper,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="agreement-{found.number}.pdf"'},
    )


@behind_link("GET", "HEAD")
def evidence_file(request: BuyerRequest, token: str, evidence_id: str) -> HttpResponse:
    """A file that stands behind this agreement or one of its claims."""
    with _scope(request):
        files = _files(request.link.merchant_id, _open(request).agreement)
        found = next((each for each in files if str(each.id) == evidence_id), None)
        if found is None or found.erased_at is not None:
            raise LinkGone
        return evidence.file_answer(
            request=request, merchant_id=request.link.merchant_id, evidence_id=found.id
        )


def _accepted(request: BuyerRequest) -> int:
    now = datetime.now(UTC)
    _count(request.link, now=now)
    if not request.POST.get("agreed"):
        raise FieldInvalid(pointer="/agreed", reason="is needed")
    drawn = evidence.drawn_signature(request=request, name="signature")
    sent = evidence.uploads_of(request=request, name="signature_file", kinds=("signature",), most=1)
    signature = drawn.content if drawn else sent[0].content if sent else b""
    with _scope(request):
        found = _open(request).agreement
        accept(
            merchant_id=request.link.merchant_id,
            agreement_id=found.id,
            acceptance=contracts.Acceptance(
                how="signature" if signature else "name",
                name=request.POST.get("name", ""),
                address=request.META.get("REMOTE_ADDR", ""),
                signature=signature,
            ),
            now=now,
        )
    return found.id


def _claimed(request: BuyerRequest) -> None:
    now = datetime.now(UTC)
    _count(request.link, now=now)
    term = request.POST.get("term", "")
    if not term.isdecimal():
        raise FieldInvalid(pointer="/term", reason="one of the terms")
    uploads = evidence.uploads_of(request=request, name="photos", kinds=("photo", "video"))
    with _scope(request):
        claim(
            merchant_id=request.link.merchant_id,
            agreement_id=_open(request).agreement.id,
            term=int(term[:3]),
            found_by="buyer",
            said=request.POST.get("said", ""),
            key=f"buyer:{request.POST.get('key', '')[:40]}",
            uploads=uploads,
            now=now,
        )


def _write_paper(request: BuyerRequest, agreement_id: int) -> None:
    """At once, so that the buyer finds it; if that fails, whoever hears of it makes it."""
    try:
        with _scope(request):
            make_paper(
                merchant_id=request.link.merchant_id,
                agreement_id=agreement_id,
                now=datetime.now(UTC),
            )
    except DomainError:
        return


def _shown(
    request: BuyerRequest, token: str, *, refused: DomainError | None = None, form: str = ""
) -> HttpResponse:
    now, merchant_id = datetime.now(UTC), request.link.merchant_id
    with _scope(request):
        found = _open(request)
        agreement = found.agreement
        files = _files(merchant_id, agreement)
        values = {
            "house": found.house,
            "token": token,
            "agreement": agreement,
            "document": _document(merchant_id, agreement.document),
            "is_open": agreement.state == "offered"
            and agreement.expires_at is not None
            and now < agreement.expires_at,
            "files": [each for each in files if _is_shown(each)],
            "checked": _checked(merchant_id, agreement, now=now),
            "needs_signature": settings_of(merchant_id=merchant_id).needs_signature,
            "can_claim": agreement.is_in_force
            and (agreement.claims_until is None or now < agreement.claims_until),
            "refused": refused,
            "form": form,
            "wrong": getattr(refused, "pointer", "").strip("/"),
            "why": gettext(refused.code) if refused else "",
            "sent": request.POST if refused else {},
            "key": secrets.token_urlsafe(16),
        }
        with timezone.override(ZoneInfo(agreement.timezone)):
            return render(
                request,
                "agreements/page.html",
                values,
                status=refused.status if refused else HTTPStatus.OK,
            )


def _document(merchant_id: int, document: str) -> dict[str, str]:
    """What was bought, as its buyer knows it: an order has the number of its channel."""
    kind, _, number = document.partition(":")
    order_id = orders.order_of_document(document=document)
    if order_id is not None:
        order = orders.order_by_id(merchant_id=merchant_id, order_id=order_id)
        number = order.external_number
    return {"kind": kind if kind in DOCUMENT_KINDS else "other", "number": number}


def _checked(
    merchant_id: int, agreement: contracts.Agreement, *, now: datetime
) -> contracts.Verified | None:
    if agreement.accepted_at is None:
        return None
    try:
        return verify_agreement(merchant_id=merchant_id, agreement_id=agreement.id, now=now)
    except evidence.FilesUnavailable:
        return None


def _files(merchant_id: int, agreement: contracts.Agreement) -> list[evidence.Evidence]:
    subjects = [agreement.subject, *(each.subject for each in agreement.breaches)]
    found = evidence.of_subjects(merchant_id=merchant_id, subjects=subjects)
    apart_from = {agreement.paper_id, agreement.record_id}
    return [each for files in found.values() for each in files if each.id not in apart_from]


def _is_shown(file: evidence.Evidence) -> bool:
    return file.erased_at is None and file.kind != "signature"


def _count(link: Link, *, now: datetime) -> None:
    """Tries are counted before they are looked at, so that no refusal takes its count back."""
    subject = f"agreements.link:{link.merchant_id}:{link.thing_id}"
    pause = attempts.take(subject=subject, most=MOST_SENT, within=WITHIN, now=now)
    if pause is not None:
        raise TooOften(retry_after_seconds=int(pause.total_seconds()) + 1)


def _scope(request: BuyerRequest) -> Any:
    return tenancy.scope(
        merchant_id=request.link.merchant_id, actor=BUYER, request_id=request.request_id
    )


def _open(request: BuyerRequest) -> Opened:
    agreement = agreement_of_link(link=request.link)
    house = merchants.merchant(merchant_id=request.link.merchant_id)
    return Opened(house=house, agreement=agreement)
