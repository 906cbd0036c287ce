"""A case is opened in any store: the order is scanned or typed, its units are chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.aftersales import public as aftersales
from santong.console.views.cases import return_places
from santong.console.views.fields import choice_of
from santong.console.views.frame import command, page, places_of, sentence_of, shown
from santong.console.views.lists import asked_text
from santong.evidence import public as evidence
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.stores import public as stores

OPENS: Final = "cases.open"
LONGEST_WORDS: Final = 1_000


@page(OPENS)
def new_case(request: MerchantRequest) -> HttpResponse:
    """What is looked for, which orders are meant, and the form for the one that is chosen."""
    return new_page(request)


def new_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """The same; with a refusal beside the form."""
    merchant_id = request.merchant_id
    typed = asked_text(request, "q")
    chosen = request.POST.get("order", "") or asked_text(request, "order")
    order = _order(merchant_id, chosen) if chosen else None
    found = aftersales.orders_meant(merchant_id=merchant_id, text=typed) if typed else []
    if order is None and len(found) == 1:
        order = found[0]
    values = {
        "typed": typed,
        "found": found,
        "order": order,
        "lines": (aftersales.claimable_of(merchant_id=merchant_id, order=order) if order else []),
        "cases": (
            aftersales.cases_of_order(merchant_id=merchant_id, order_id=order.id) if order else []
        ),
        "kinds": aftersales.KINDS,
        "ways": aftersales.WAYS,
        "reasons": aftersales.REASONS,
        "places": return_places(merchant_id, places_of(request, OPENS)),
        "wants_place": places_of(request, OPENS) is not None,
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", "").strip("/"),
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "cases/new", values, section="cases", status=status)


@page(OPENS, method="POST")
def open_it(request: MerchantRequest) -> HttpResponse:
    """Open the case, with the photos that were taken."""

    def act() -> str:
        case = aftersales.open_case(
            merchant_id=request.merchant_id, new=_asked(request), now=datetime.now(UTC)
        )
        uploads = evidence.uploads_of(request=request, name="photos", kinds=("photo", "video"))
        evidence.add_all(
            merchant_id=request.merchant_id,
            subject=case.subject,
            uploads=uploads,
            by=f"{request.actor.kind}:{request.actor.id}",
            now=datetime.now(UTC),
        )
        messages.success(request, _("The case is open. Nothing moves before it is decided."))
        return f"/console/cases/{case.id}/"

    return command(request, act=act, again=lambda refused: new_page(request, refused=refused))


def _asked(request: MerchantRequest) -> aftersales.NewCase:
    order = _order(request.merchant_id, request.POST.get("order", ""))
    place = _place(request)
    words = request.POST.get("words", "").strip()
    if len(words) > LONGEST_WORDS:
        raise FieldInvalid(pointer="/words", reason=f"at most {LONGEST_WORDS} characters")
    return aftersales.NewCase(
        order_id=order.id,
        kind=choice_of(request, "kind", among=aftersales.KINDS),  # type: ignore[arg-type]  # one of the words of the type
        way_back=choice_of(request, "way_back", among=aftersales.WAYS),  # type: ignore[arg-type]  # one of the words of the type
        reason=choice_of(request, "reason", among=aftersales.REASONS),  # type: ignore[arg-type]  # one of the words of the type
        lines=units_chosen(request, order),
        channel="store" if place else "service",
        key=f"console:{request.POST.get('key', '')[:60]}",
        words=words,
        location_id=place,
    )


def units_chosen(
    request: MerchantRequest, order: orders.Order
) -> tuple[aftersales.NewCaseLine, ...]:
    """How many units of which lines; a line left at nothing is not meant. Raises FieldInvalid."""
    chosen = []
    for line in order.lines:
        text = request.POST.get(f"units-{line.id}", "").strip() or "0"
        if not (text.isascii() and text.isdigit() and int(text) <= line.quantity):
            raise FieldInvalid(pointer=f"/units-{line.id}", reason=f"0 to {line.quantity}")
        if int(text):
            chosen.append(aftersales.NewCaseLine(order_line_id=line.id, quantity=int(text)))
    if not chosen:
        raise FieldInvalid(pointer="/lines", reason="at least one unit")
    return tuple(chosen)


def _place(request: MerchantRequest) -> int | None:
    """Where it is opened: one of the places at which somebody works, none for head office."""
    text = request.POST.get("place", "")
    mine = places_of(request, OPENS)
    if not text:
        return next(iter(sorted(mine))) if mine else None
    location_id = id_of(text, kind="place")
    known = stores.locations_by_id(merchant_id=request.merchant_id, location_ids=[location_id])
    if location_id not in known or (mine is not None and location_id not in mine):
        raise NoSuch(kind="place", key=text[:40])
    return location_id


def _order(merchant_id: int, text: str) -> orders.Order:
    return orders.order_by_id(merchant_id=merchant_id, order_id=id_of(text, kind="order"))
