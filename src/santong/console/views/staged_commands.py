"""What a store does with a staged sale: reserve, link, take money, record work, cancel."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.forms.reading import amount_in
from santong.console.views.fields import choice_of, optional_text, text_of
from santong.console.views.frame import command, page, plain_command
from santong.console.views.staged_sales import (
    SELL,
    VIEW,
    list_page,
    now,
    sale_page,
    seen_sale,
    till_accounts,
)
from santong.evidence import public as evidence
from santong.kernel.errors import DomainError, FieldInvalid, NoSuch
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.payments import public as payments
from santong.stagedsales import public as stagedsales

LONGEST_NAME: Final = 60
LONGEST_NOTE: Final = 200
TENDERS: Final = 2


@page(SELL, method="POST")
def reserve(request: MerchantRequest) -> HttpResponse:
    """Make a sale for a buyer who is here; their link is on its page."""

    def act() -> str:
        made = stagedsales.reserve(
            merchant_id=request.merchant_id,
            plan_code=text_of(request, "plan", longest=40),
            key=f"console:{request.POST.get('key', '')[:60]}",
            storefront_id=id_of(request.POST.get("storefront", ""), kind="storefront"),
            buyer=stagedsales.Buyer(
                name=text_of(request, "name", longest=LONGEST_NAME),
                phone=text_of(request, "phone", longest=40),
                note=optional_text(request, "note"),
            ),
            now=now(),
        )
        messages.success(
            request, _("Reserved. Give the buyer their link: they pay the deposit there.")
        )
        return f"/console/staged-sales/{made.sale_id}/"

    return command(request, act=act, again=lambda refused: list_page(request, refused=refused))


@page(SELL, method="POST")
def link(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """Another link for the buyer; those that were given so far open nothing any more."""
    sale = seen_sale(request, staged_sale_id)
    return _about(
        request,
        sale,
        write=lambda: stagedsales.renew_link(
            merchant_id=request.merchant_id, sale_id=sale.id, now=now()
        ),
        said=_("There is another link. The old one opens nothing any more."),
        form="link",
    )


@page("personal_data.reveal", method="POST")
def reveal(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """Show the buyer in clear text, once, for a reason that goes into the audit trail."""
    sale = seen_sale(request, staged_sale_id)
    try:
        with transaction.atomic():
            buyer = stagedsales.reveal_buyer(
                merchant_id=request.merchant_id,
                sale_id=sale.id,
                reason=text_of(request, "reason"),
                now=now(),
            )
    except DomainError as refused:
        return sale_page(request, sale, refused=refused, failed="reveal")
    return sale_page(request, sale, extra={"revealed": buyer})


@page(VIEW)
def photo(request: MerchantRequest, staged_sale_id: str, evidence_id: str) -> HttpResponse:
    """A picture that stands behind a sale."""
    sale = seen_sale(request, staged_sale_id)
    known = id_of(evidence_id, kind="evidence")
    found = evidence.by_id(merchant_id=request.merchant_id, evidence_id=known)
    if found.subject != sale.subject:
        raise NoSuch(kind="evidence", key=evidence_id)
    return evidence.file_answer(request=request, merchant_id=request.merchant_id, evidence_id=known)


@page("payments.take", method="POST")
def pay(request: MerchantRequest, staged_sale_id: str, stage_number: str) -> HttpResponse:
    """Take all that is open of a deposit or stage at the till, by one or two ways."""
    sale = seen_sale(request, staged_sale_id)
    number = _number(stage_number)
    return _about(
        request,
        sale,
        write=lambda: stagedsales.request_payment(
            merchant_id=request.merchant_id,
            sale_id=sale.id,
            number=number,
            key=f"console:{request.POST.get('key', '')[:60]}",
            tenders=_tenders(request, sale),
            now=now(),
        ),
        said=_("The payment is under way. The stage is paid as soon as the money is in."),
        form=f"pay-{number}",
    )


@page(SELL, method="POST")
def milestone(request: MerchantRequest, staged_sale_id: str, stage_number: str) -> HttpResponse:
    """Work of a stage is done: with photos, so that its buyer can accept it."""
    sale = seen_sale(request, staged_sale_id)
    number = _number(stage_number)

    def write() -> None:
        stagedsales.record_milestone(
            merchant_id=request.merchant_id,
            sale_id=sale.id,
            number=number,
            photo_ids=kept_photos(request, sale),
            note=optional_text(request, "note", longest=LONGEST_NOTE),
            now=now(),
        )

    said = _("Recorded. The buyer can accept it on their page.")
    return _about(request, sale, write=write, said=said, form=f"milestone-{number}")


@page(SELL, method="POST")
def accept(request: MerchantRequest, staged_sale_id: str, stage_number: str) -> HttpResponse:
    """Accept with the six digits that the buyer shows; wrong ones are counted, and stay so."""
    sale = seen_sale(request, staged_sale_id)
    number = _number(stage_number)
    form = f"accept-{number}"
    try:
        with transaction.atomic():
            refused: DomainError | None = stagedsales.accept_by_code(
                merchant_id=request.merchant_id,
                sale_id=sale.id,
                number=number,
                code=text_of(request, "code", longest=20),
                now=now(),
            )
    except DomainError as raised:
        refused = raised
    if refused is not None:
        return sale_page(request, sale, refused=refused, failed=form)
    messages.success(request, _("The buyer has accepted the work."))
    return sale_page(request, seen_sale(request, staged_sale_id))


@page(SELL, method="POST")
def deliver(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """The goods are handed over."""
    sale = seen_sale(request, staged_sale_id)
    return _about(
        request,
        sale,
        write=lambda: stagedsales.record_delivery(
            merchant_id=request.merchant_id, sale_id=sale.id, now=now()
        ),
        said=_("Recorded. What is due on delivery is due now."),
        form="deliver",
    )


@page(SELL, method="POST")
def withdraw(request: MerchantRequest, staged_sale_id: str, change_version: str) -> HttpResponse:
    """Take a proposal back before its buyer decides."""
    sale = seen_sale(request, staged_sale_id)
    return _about(
        request,
        sale,
        write=lambda: stagedsales.withdraw_change(
            merchant_id=request.merchant_id,
            sale_id=sale.id,
            version=id_of(change_version, kind="change order"),
            now=now(),
        ),
        said=_("Withdrawn. The contract stays as it is."),
        form="withdraw",
    )


@page(SELL, method="POST")
def cancel(request: MerchantRequest, staged_sale_id: str) -> HttpResponse:
    """End a sale; what is not kept goes back."""
    sale = seen_sale(request, staged_sale_id)
    return _about(
        request,
        sale,
        write=lambda: stagedsales.cancel_sale(
            merchant_id=request.merchant_id,
            sale_id=sale.id,
            fault=choice_of(request, "fault", among=("buyer", "shop")),  # type: ignore[arg-type]  # its words
            reason=text_of(request, "reason"),
            now=now(),
        ),
        said=_("Cancelled. What is not kept goes back the way it was paid."),
        form="cancel",
    )


def kept_photos(request: MerchantRequest, sale: stagedsales.StagedSale) -> list[int]:
    """Keep the form's photos behind a sale; their ids. Raises FieldInvalid."""
    uploads = evidence.uploads_of(request=request, name="photos", kinds=("photo", "document"))
    kept = evidence.add_all(
        merchant_id=request.merchant_id,
        subject=sale.subject,
        uploads=uploads,
        by=f"{request.actor.kind}:{request.actor.id}",
        now=now(),
    )
    return [each.id for each in kept]


def _tenders(request: MerchantRequest, sale: stagedsales.StagedSale) -> list[payments.NewTender]:
    accounts = {
        each.code: each
        for each in till_accounts(merchant_id=request.merchant_id, currency=sale.currency)
    }
    found = []
    for place in range(TENDERS):
        code = request.POST.get(f"account_{place}", "")
        amount = amount_in(request.POST, f"amount_{place}", sale.currency)
        if not code or not amount:
            continue
        if code not in accounts:
            raise FieldInvalid(pointer=f"/account_{place}", reason="not one of the choices")
        found.append(_tender(request, accounts[code], amount, place))
    return found


def _tender(
    request: MerchantRequest, account: payments.PaymentAccount, amount: int, place: int
) -> payments.NewTender:
    """Cash and a terminal say at once what they took; a wallet is scanned, or shows its code."""
    shown = optional_text(request, f"token_{place}", longest=60)
    token, way = shown, "scan" if shown else "qr"
    if account.provider == "cash":
        way = "none"
        token = json.dumps(
            {"till": account.code, "clerk": request.actor.id, "tendered_minor": amount}
        )
    elif account.provider == "terminal":
        way = "terminal"
        said = {"terminal": account.code[:11], "trace": shown, "amount_minor": amount}
        token = json.dumps({**said, "at": now().isoformat()})
    return payments.NewTender(
        account_code=account.code,
        amount_minor=amount,
        way=way,  # type: ignore[arg-type]  # one of the words of the type
        token=token,
    )


def _about(
    request: MerchantRequest,
    sale: stagedsales.StagedSale,
    *,
    write: Callable[[], object],
    said: str,
    form: str,
) -> HttpResponse:
    """Write, and show the sale again; with a refusal beside the form that was refused."""
    return plain_command(
        request,
        write=write,
        said=said,
        where=f"/console/staged-sales/{sale.id}/",
        again=lambda refused: sale_page(request, sale, refused=refused, failed=form),
    )


def _number(text: str) -> int:
    """A stage's number; 0 is the deposit."""
    return 0 if text == "0" else id_of(text, kind="stage")
