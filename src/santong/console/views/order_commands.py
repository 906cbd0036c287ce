"""What an operator does with an order: cancel, record a payment, reveal the recipient, re-route."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import get_args

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.views.frame import command, page, plain_command, sight_of
from santong.console.views.orders import order_page
from santong.fulfilment import public as fulfilment
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.orders import public as orders

LONGEST_REASON = 500
LONGEST_PAYMENT_ID = 100


@page("orders.cancel", method="POST")
def cancel(request: MerchantRequest, order_id: str) -> HttpResponse:
    """Cancel what has not been shipped, for a reason."""
    order = _visible(request, order_id)
    return plain_command(
        request,
        write=lambda: orders.cancel_order(
            merchant_id=request.merchant_id,
            order_id=order.id,
            reason=_text(request, "reason", LONGEST_REASON),
            now=datetime.now(UTC),
        ),
        said=_("The order is cancelled."),
        where=_back(order.id),
        again=lambda refused: order_page(request, order.id, refused=refused, failed="cancel"),
    )


@page("orders.pay", method="POST")
def pay(request: MerchantRequest, order_id: str) -> HttpResponse:
    """Record that the rest of an order's money came in, under the provider's number."""
    order = _visible(request, order_id)
    now = datetime.now(UTC)
    return plain_command(
        request,
        write=lambda: orders.record_payment(
            merchant_id=request.merchant_id,
            order_id=order.id,
            payment=orders.NewPayment(
                external_id=_text(request, "external_id", LONGEST_PAYMENT_ID),
                provider=request.POST.get("provider", "").strip()[:40],
                amount_minor=order.total_minor - order.paid_minor,
                currency=order.currency,
                paid_at=now,
            ),
            now=now,
        ),
        said=_("The payment is recorded."),
        where=_back(order.id),
        again=lambda refused: order_page(request, order.id, refused=refused, failed="pay"),
    )


@page("exceptions.handle", method="POST")
def fill_rest(request: MerchantRequest, order_id: str) -> HttpResponse:
    """Seek stock again for what the order is short of."""
    order = _visible(request, order_id)

    def act() -> str:
        filled = fulfilment.fill_rest(
            merchant_id=request.merchant_id,
            order_id=order.id,
            cause="asked for by hand",
            now=datetime.now(UTC),
        )
        messages.success(
            request,
            _("Part of it has found a place; the rest is still wanting.")
            if filled.short_by_line
            else _("Everything has found its place."),
        )
        return _back(order.id)

    return command(
        request,
        act=act,
        again=lambda refused: order_page(request, order.id, refused=refused, failed="fill_rest"),
    )


@page("personal_data.reveal", method="POST")
def reveal(request: MerchantRequest, order_id: str) -> HttpResponse:
    """Show the recipient in clear text, once, for a reason that goes into the audit trail."""
    order = _addressed(request, order_id)
    try:
        with transaction.atomic():
            revealed = orders.reveal_recipient(
                merchant_id=request.merchant_id,
                order_id=order.id,
                reason=_text(request, "reason", LONGEST_REASON),
                now=datetime.now(UTC),
            )
    except DomainError as refused:
        return order_page(request, order.id, refused=refused, failed="reveal")
    return order_page(request, order.id, extra={"revealed": revealed})


@page("exceptions.handle", method="POST")
def reassign(request: MerchantRequest, order_id: str, work_id: str) -> HttpResponse:
    """Take work from a place, for head office's own reason, and let another place be found."""
    order = fulfilment.order_seen(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        sight=sight_of(request),
    ).order
    number = id_of(work_id, kind="fulfilment order")

    def act() -> str:
        reason = request.POST.get("reason", "")
        if reason not in get_args(fulfilment.ReassignReason):
            raise FieldInvalid(pointer="/reason", reason="not a reason")
        work = fulfilment.work_by_id(
            merchant_id=request.merchant_id,
            fulfilment_order_id=number,
            location_ids=request.actor.location_ids,
        )
        if work.order_id != order.id:
            raise NoSuch(kind="fulfilment order", key=work_id)
        fulfilment.reassign(
            merchant_id=request.merchant_id,
            fulfilment_order_id=number,
            reason=reason,  # type: ignore[arg-type]  # one of the words of the type
            note=_optional(request, "note"),
            override=_optional(request, "override"),
            location_ids=request.actor.location_ids,
            now=datetime.now(UTC),
        )
        messages.success(request, _("Another place has been asked."))
        return _back(order.id) if _is_seen(request, order.id) else "/console/"

    return command(
        request,
        act=act,
        again=lambda refused: order_page(
            request, order.id, refused=refused, failed=f"reassign-{number}"
        ),
    )


def _is_seen(request: MerchantRequest, order_id: int) -> bool:
    """Whether the order is still this person's to see: its work may have gone to others."""
    return bool(
        fulfilment.orders_seen(
            merchant_id=request.merchant_id, order_ids=[order_id], sight=sight_of(request)
        )
    )


def _visible(request: MerchantRequest, order_id: str) -> orders.Order:
    """The order, if it is sold where this person has the command's permission. Raises NoSuch."""
    return orders.order_by_id(
        merchant_id=request.merchant_id,
        order_id=id_of(order_id, kind="order"),
        location_ids=request.actor.location_ids,
    )


def _addressed(request: MerchantRequest, order_id: str) -> orders.Order:
    """The order, also for whoever has its parcel still to write an address on. Raises NoSuch."""
    number = id_of(order_id, kind="order")
    sends = fulfilment.bound_work_of(
        merchant_id=request.merchant_id, order_id=number, location_ids=request.actor.location_ids
    )
    if any(each.state in fulfilment.LIVE for each in sends):
        return orders.order_by_id(merchant_id=request.merchant_id, order_id=number)
    return _visible(request, order_id)


def _text(request: MerchantRequest, name: str, longest: int) -> str:
    text = request.POST.get(name, "").strip()
    if not 0 < len(text) <= longest or not text.isprintable():
        raise FieldInvalid(pointer=f"/{name}", reason=f"1 to {longest} characters")
    return text


def _optional(request: MerchantRequest, name: str) -> str:
    return _text(request, name, LONGEST_REASON) if request.POST.get(name, "").strip() else ""


def _back(order_id: int) -> str:
    return f"/console/orders/{order_id}/"
