"""Ask for a visit at a buyer's, for an order or a staged sale that is shown somewhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.fields import choice_of, optional_text, text_of
from santong.console.views.frame import command, page, sentence_of, shown
from santong.console.views.lists import asked_text
from santong.console.views.visit_fields import point_field
from santong.console.views.visit_sight import visit_of
from santong.fieldservice import public as fieldservice
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest

LONGEST = {"document": 80, "name": 80, "phone": 40, "district": 60, "address": 300}


@page("visits.dispatch")
def visit_new(request: MerchantRequest) -> HttpResponse:
    """The form of a visit for a document."""
    return _form(request, document=asked_text(request, "document"))


@page("visits.dispatch", method="POST")
def visit_ask(request: MerchantRequest) -> HttpResponse:
    """Ask for it; its page has the buyer's link."""

    def act() -> str:
        made = fieldservice.request_visit(
            merchant_id=request.merchant_id,
            document=text_of(request, "document", longest=LONGEST["document"]),
            service_type_code=choice_of(
                request, "service", among={each.code for each in _services(request)}
            ),
            contact=fieldservice.Contact(
                name=text_of(request, "name", longest=LONGEST["name"]),
                phone=text_of(request, "phone", longest=LONGEST["phone"]),
            ),
            place=_place(request),
            wait_for_goods=bool(request.POST.get("wait")),
            key=f"console:{request.POST.get('key', '')[:60]}",
            now=datetime.now(UTC),
        )
        visit_of(request, str(made.id))  # for what belongs to somebody else nobody is sent
        if made.state == "offered":
            messages.success(request, _("Asked for. The buyer can choose a time by their link."))
        else:
            messages.success(request, _("Asked for. It is offered once the goods have come."))
        return f"/console/visits/{made.id}/"

    return command(
        request,
        act=act,
        again=lambda refused: _form(
            request, document=request.POST.get("document", ""), refused=refused
        ),
    )


def _form(
    request: MerchantRequest, *, document: str, refused: DomainError | None = None
) -> HttpResponse:
    values = {
        "document": document,
        "services": _services(request),
        "refusal": sentence_of(refused) if refused else "",
        "wrong": getattr(refused, "pointer", ""),
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "visits/new", values, section="visits", status=status)


def _services(request: MerchantRequest) -> list[fieldservice.ServiceType]:
    known = fieldservice.service_types(merchant_id=request.merchant_id)
    return [each for each in known if each.is_open]


def _place(request: MerchantRequest) -> fieldservice.Place:
    point = point_field(request, "point") if optional_text(request, "point") else None
    return fieldservice.Place(
        province=optional_text(request, "province", longest=LONGEST["district"]),
        city=text_of(request, "city", longest=LONGEST["district"]),
        district=optional_text(request, "district", longest=LONGEST["district"]),
        address=text_of(request, "address", longest=LONGEST["address"]),
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
    )
