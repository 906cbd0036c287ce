"""The buyer's pages: choose what it is about, show it, follow it, accept a quote and pay."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext

from santong.aftersales import contracts
from santong.aftersales.errors import LinkOver
from santong.aftersales.selectors.cases import (
    case_by_number,
    cases_of_order,
    decisions_of,
    messages_of,
    refunds_of,
    repair_of,
    replacements_of,
)
from santong.aftersales.selectors.claimable import claimable_of
from santong.aftersales.selectors.paying import WaysToPay, accounts_by_telephone, ways_to_pay
from santong.aftersales.selectors.policies import current_policy
from santong.aftersales.services.cancel_case import cancel_case
from santong.aftersales.services.go_on_repair import accept_quote, ask_for_payment, decline_quote
from santong.aftersales.services.open_case import open_case
from santong.aftersales.services.pay_difference import pay_difference
from santong.aftersales.services.write_message import write_message
from santong.aftersales.views.guard import BuyerRequest, behind_link
from santong.evidence import public as evidence
from santong.fieldservice import public as fieldservice
from santong.fulfilment import public as fulfilment
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.pages import id_of
from santong.orders import public as orders
from santong.payments import public as payments

# What a buyer asks for by themselves; the other reasons are the house's to find.
MOST_KEY: Final = 40
BY: Final = "buyer:"


@behind_link("GET", "HEAD", "POST")
def order_page(request: BuyerRequest, token: str) -> HttpResponse:
    """The order with its cases, and the form that opens one."""
    if request.method != "POST":
        return _order_shown(request, token)
    try:
        with transaction.atomic():
            case = _opened(request)
    except DomainError as refused:
        return _order_shown(request, token, refused=refused)
    return HttpResponseRedirect(f"/c/{token}/{case.number}/")


@behind_link("GET", "HEAD", "POST")
def case_page(request: BuyerRequest, token: str, number: str) -> HttpResponse:
    """One case: how it stands, what was written, and what the buyer can do."""
    case = _case(request, number)
    if request.method != "POST":
        return _case_shown(request, token, case)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _case_shown(request, token, case)
    try:
        with transaction.atomic():
            act(request, case)
    except DomainError as refused:
        return _case_shown(request, token, case, refused=refused)
    return HttpResponseRedirect(f"/c/{token}/{case.number}/")


@behind_link("GET", "HEAD")
def case_file(request: BuyerRequest, token: str, number: str, evidence_id: str) -> HttpResponse:
    """A file that the buyer has shown."""
    del token
    case = _case(request, number)
    merchant_id = request.link.merchant_id
    wanted = id_of(evidence_id, kind="evidence")
    if evidence.by_id(merchant_id=merchant_id, evidence_id=wanted).subject != case.subject:
        raise NoSuch(kind="evidence", key=evidence_id[:40])
    return evidence.file_answer(request=request, merchant_id=merchant_id, evidence_id=wanted)


def _order_shown(
    request: BuyerRequest, token: str, *, refused: DomainError | None = None
) -> HttpResponse:
    merchant_id = request.link.merchant_id
    order = _order(request)
    policy = current_policy(merchant_id=merchant_id).terms
    values = {
        "order": order,
        "lines": claimable_of(merchant_id=merchant_id, order=order),
        "cases": cases_of_order(merchant_id=merchant_id, order_id=order.id),
        "kinds": contracts.KINDS,
        "reasons": contracts.REASONS,
        "ways": contracts.WAYS,
        "photo_for": policy.photo_for,
        "sent": request.POST if refused else {},
        "chosen": {
            name.removeprefix("units-"): text
            for name, text in request.POST.items()
            if name.startswith("units-")
        },
    }
    return _shown(request, token, "order", values, refused)


def _opened(request: BuyerRequest) -> contracts.Case:
    now = datetime.now(UTC)
    order = _order(request)
    uploads = evidence.uploads_of(request=request, name="photos", kinds=("photo", "video"))
    kind, way = request.POST.get("kind", ""), request.POST.get("way_back", "none")
    case = open_case(
        merchant_id=request.link.merchant_id,
        new=contracts.NewCase(
            order_id=order.id,
            kind=kind,  # type: ignore[arg-type]  # checked by the service
            way_back=way,  # type: ignore[arg-type]  # checked by the service
            reason=request.POST.get("reason", ""),  # type: ignore[arg-type]  # checked by the service
            lines=_units(request, order),
            channel="buyer",
            key=f"buyer:{order.id}:{request.POST.get('key', '')[:MOST_KEY]}",
            words=request.POST.get("words", ""),
        ),
        now=now,
    )
    evidence.add_all(
        merchant_id=request.link.merchant_id,
        subject=case.subject,
        uploads=uploads,
        by=BY,
        now=now,
    )
    return case


def _units(request: BuyerRequest, order: orders.Order) -> tuple[contracts.NewCaseLine, ...]:
    chosen = []
    for line in order.lines:
        text = request.POST.get(f"units-{line.id}", "").strip() or "0"
        if not (text.isascii() and text.isdigit() and len(text) <= 6):  # noqa: PLR2004  pieces
            raise FieldInvalid(pointer=f"/units-{line.id}", reason="a whole number")
        if int(text):
            chosen.append(contracts.NewCaseLine(order_line_id=line.id, quantity=int(text)))
    return tuple(chosen)


def _case_shown(
    request: BuyerRequest,
    token: str,
    case: contracts.Case,
    *,
    refused: DomainError | None = None,
) -> HttpResponse:
    of: dict[str, Any] = {"merchant_id": request.link.merchant_id, "case_id": case.id}
    repair = repair_of(**of)
    waits = repair is not None and repair.state == "to_be_paid"
    values = {
        "order": _order(request),
        "case": case,
        "decisions": decisions_of(**of),
        "refunds": refunds_of(**of),
        "sent_again": [
            (*found, _difference(request, found[1])) for found in _sent_again(request, case)
        ],
        "repair": repair,
        "visits": fieldservice.visits_of(merchant_id=of["merchant_id"], document=case.subject),
        "pay": ways_to_pay(
            merchant_id=of["merchant_id"], currency=case.currency, document=case.subject
        )
        if waits
        else None,
        "talk": messages_of(**of),
        "files": evidence.of_subject(merchant_id=of["merchant_id"], subject=case.subject),
        "can_cancel": case.state in {"requested", "awaiting_goods"},
    }
    return _shown(request, token, "case", values, refused)


def _sent_again(
    request: BuyerRequest, case: contracts.Case
) -> list[tuple[contracts.Replacement, orders.Order, list[fulfilment.Parcel]]]:
    made = replacements_of(merchant_id=request.link.merchant_id, case_id=case.id)
    known = orders.orders_by_id(
        merchant_id=request.link.merchant_id, order_ids=[each.order_id for each in made]
    )
    parcels = fulfilment.parcels_of(merchant_id=request.link.merchant_id, order_ids=list(known))
    return [
        (
            each,
            known[each.order_id],
            [parcel for parcel in parcels if parcel.order_id == each.order_id],
        )
        for each in made
        if not each.is_given_up
    ]


def _difference(request: BuyerRequest, order: orders.Order) -> WaysToPay | None:
    """How the buyer can pay for something dearer, while it is to be paid."""
    if order.state != "placed":
        return None
    return ways_to_pay(
        merchant_id=request.link.merchant_id,
        currency=order.currency,
        document=orders.document_of(order_id=order.id),
    )


def _cancel(request: BuyerRequest, case: contracts.Case) -> None:
    cancel_case(**_of(request, case), reason="the buyer does not want it after all")


def _write(request: BuyerRequest, case: contracts.Case) -> None:
    write_message(
        **_of(request, case),
        text=request.POST.get("text", ""),
        key=f"buyer:{request.POST.get('key', '')[:MOST_KEY]}",
        by_buyer=True,
    )


def _show(request: BuyerRequest, case: contracts.Case) -> None:
    evidence.add_all(
        merchant_id=request.link.merchant_id,
        subject=case.subject,
        uploads=evidence.uploads_of(request=request, name="photos", kinds=("photo", "video")),
        by=BY,
        now=datetime.now(UTC),
    )


def _accept(request: BuyerRequest, case: contracts.Case) -> None:
    accept_quote(**_of(request, case))


def _decline(request: BuyerRequest, case: contracts.Case) -> None:
    decline_quote(**_of(request, case))


def _pay(request: BuyerRequest, case: contracts.Case) -> None:
    repair = repair_of(merchant_id=request.link.merchant_id, case_id=case.id)
    if repair is None:
        return
    ask_for_payment(
        **_of(request, case),
        key=f"buyer:{request.POST.get('key', '')[:MOST_KEY]}",
        tenders=[_tender(request, repair.currency, repair.quote_minor)],
    )


def _tender(request: BuyerRequest, currency: str, amount_minor: int) -> payments.NewTender:
    """What the buyer chose to pay by, of what can be paid by telephone. Raises FieldInvalid."""
    code = request.POST.get("account", "")
    accounts = accounts_by_telephone(merchant_id=request.link.merchant_id, currency=currency)
    if code not in {each.code for each in accounts}:
        raise FieldInvalid(pointer="/account", reason="one of the shop's accounts")
    return payments.NewTender(account_code=code, amount_minor=amount_minor, way="qr")


def _pay_difference(request: BuyerRequest, case: contracts.Case) -> None:
    wanted = id_of(request.POST.get("order", ""), kind="order")
    for _, order, _ in _sent_again(request, case):
        if order.id == wanted:
            open_minor = order.total_minor - order.paid_minor
            pay_difference(
                **_of(request, case),
                order_id=order.id,
                key=f"buyer:{request.POST.get('key', '')[:MOST_KEY]}",
                tenders=[_tender(request, order.currency, open_minor)],
            )


_ACTS: Final[dict[str, Callable[[BuyerRequest, contracts.Case], None]]] = {
    "cancel": _cancel,
    "write": _write,
    "show": _show,
    "accept": _accept,
    "decline": _decline,
    "pay": _pay,
    "pay_difference": _pay_difference,
}


def _case(request: BuyerRequest, number: str) -> contracts.Case:
    """A case of the order that the link is for. Raises LinkOver."""
    try:
        case = case_by_number(merchant_id=request.link.merchant_id, number=number)
    except NoSuch:
        raise LinkOver from None
    if case.order_id != request.link.thing_id:
        raise LinkOver
    return case


def _order(request: BuyerRequest) -> orders.Order:
    return orders.order_by_id(merchant_id=request.link.merchant_id, order_id=request.link.thing_id)


def _of(request: BuyerRequest, case: contracts.Case) -> dict[str, Any]:
    return {
        "merchant_id": request.link.merchant_id,
        "case_id": case.id,
        "now": datetime.now(UTC),
    }


def _shown(
    request: BuyerRequest,
    token: str,
    template: str,
    values: dict[str, Any],
    refused: DomainError | None,
) -> HttpResponse:
    frame = {
        "house": request.house,
        "token": token,
        "key": secrets.token_urlsafe(16),
        "refused": refused,
        "why": gettext(refused.code) if refused else "",
        "wrong": getattr(refused, "pointer", "").strip("/"),
    }
    status = refused.status if refused else HTTPStatus.OK
    return render(request, f"aftersales/{template}.html", {**values, **frame}, status=status)
