"""Invoices: by state, one with its story, asked for, and asked for anew."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.selectors.statement_lines import OF_ORDER, numbers_of_documents
from santong.console.views.fields import choice_of, optional_text, text_of
from santong.console.views.frame import (
    command,
    may_at,
    page,
    places_of,
    sentence_of,
    shown,
)
from santong.console.views.lists import SHOWN, asked_text, asked_word, next_page
from santong.invoicing import public as invoicing
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, id_of
from santong.orders import public as orders

LONGEST_NAME = 200


@page("invoices.view")
def invoice_list(request: MerchantRequest) -> HttpResponse:
    """Invoices, the newest first, and those that somebody has to look at."""
    merchant_id, places = request.merchant_id, request.actor.location_ids
    state = asked_word(request, "state", among=invoicing.STATES)
    number = asked_text(request, "number")
    found = invoicing.invoices_page(
        merchant_id=merchant_id,
        state=state or None,  # type: ignore[arg-type]  # one of the words of the type
        number=number or None,
        location_ids=places,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
    )
    hindrances = invoicing.hindrances(merchant_id=merchant_id, location_ids=places)
    values = {
        "invoices": found[:SHOWN],
        "hindrances": hindrances[:SHOWN],
        "numbers": numbers_of_documents(
            merchant_id=merchant_id,
            documents={each.document for each in found}
            | {each.invoice.document for each in hindrances},
        ),
        "states": invoicing.STATES,
        "state": state,
        "number": number,
        "next": next_page(found, state=state, number=number),
    }
    return shown(request, "invoicing/invoices", values, section="invoices")


@page("invoices.view")
def invoice_detail(request: MerchantRequest, invoice_id: str) -> HttpResponse:
    """One invoice: to whom, its lines, what the office said, and what was taken back of it."""
    return invoice_page(request, _invoice(request, invoice_id))


def invoice_page(
    request: MerchantRequest, invoice: invoicing.Invoice, *, refused: DomainError | None = None
) -> HttpResponse:
    """The page of one invoice; with a refusal beside the form that was refused."""
    family = invoicing.invoices_of(merchant_id=request.merchant_id, document=invoice.document)
    values = {
        "invoice": invoice,
        "title": invoicing.masked_title(title=invoice.title),
        "order_id": _order_id(invoice.document),
        "number": numbers_of_documents(
            merchant_id=request.merchant_id, documents={invoice.document}
        ).get(invoice.document, invoice.document),
        "family": [each for each in family if each.id != invoice.id],
        "may_ask": places_of(request, "invoices.edit") is None
        and invoice.kind == "red"
        and (invoice.state == "refused" or (invoice.state == "requested" and invoice.is_held)),
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "invoicing/invoice", values, section="invoices", status=status)


@page("invoices.edit", method="POST")
def ask_anew(request: MerchantRequest, invoice_id: str) -> HttpResponse:
    """Let a held red invoice go, or ask for a refused one anew."""
    invoice = _invoice(request, invoice_id)

    def act() -> str:
        invoicing.ask_anew(
            merchant_id=request.merchant_id,
            invoice_id=invoice.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("The tax office is asked again."))
        return f"/console/invoices/{invoice.id}/"

    return command(
        request, act=act, again=lambda refused: invoice_page(request, invoice, refused=refused)
    )


@page("invoices.view")
def invoices_of_order(request: MerchantRequest, order_id: str) -> HttpResponse:
    """All invoices of an order, and the form that asks for what is left."""
    return order_page(request, _order(request, order_id))


def order_page(
    request: MerchantRequest, order: orders.Order, *, refused: DomainError | None = None
) -> HttpResponse:
    """An order's invoices; with a refusal beside the form that was refused."""
    seller = order.seller_location_id
    values: dict[str, Any] = {
        "order": order,
        "invoices": invoicing.invoices_of(
            merchant_id=request.merchant_id, document=f"{OF_ORDER}{order.id}"
        ),
        "may_issue": order.paid_at is not None
        and (
            places_of(request, "invoices.issue") is None
            if seller is None
            else may_at(request, "invoices.issue", seller)
        ),
        "numbers": {f"{OF_ORDER}{order.id}": order.external_number},
        "forms": invoicing.FORMS,
        "title_kinds": invoicing.TITLE_KINDS,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "invoicing/order", values, section="invoices", status=status)


@page("invoices.issue", method="POST")
def issue(request: MerchantRequest, order_id: str) -> HttpResponse:
    """Ask for invoices of all that is left of an order; a second tap asks for nothing more."""
    order = _order(request, order_id)

    def act() -> str:
        made = invoicing.request_invoice(
            merchant_id=request.merchant_id,
            order_id=order.id,
            title=invoicing.Title(
                kind=choice_of(request, "kind", among=invoicing.TITLE_KINDS),  # type: ignore[arg-type]  # one of the words of the type
                name=text_of(request, "name", longest=LONGEST_NAME),
                number=optional_text(request, "number"),
            ),
            form=choice_of(request, "form", among=invoicing.FORMS),  # type: ignore[arg-type]  # as above
            key=f"console:{request.POST.get('key', '')[:40]}",
            now=datetime.now(UTC),
        )
        messages.success(request, _("Asked for. The invoice is issued in a moment."))
        if len(made) == 1:
            return f"/console/invoices/{made[0].id}/"
        return f"/console/invoices/orders/{order.id}/"

    return command(
        request, act=act, again=lambda refused: order_page(request, order, refused=refused)
    )


def _invoice(request: MerchantRequest, invoice_id: str) -> invoicing.Invoice:
    return invoicing.invoice_by_id(
        merchant_id=request.merchant_id,
        invoice_id=id_of(invoice_id, kind="invoice"),
        location_ids=request.actor.location_ids,
    )


def _order(request: MerchantRequest, order_id: str) -> orders.Order:
    return orders.order_by_id(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )


def _order_id(document: str) -> int | None:
    number = document.removeprefix(OF_ORDER)
    return int(number) if number != document and number.isdigit() else None
