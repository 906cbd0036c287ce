"""What somebody does about a payment: ask again, ask no longer, give back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from santong.console.errors import WayChanged
from santong.console.forms.reading import amount_in
from santong.console.views.fields import choice_of, optional_text, text_of
from santong.console.views.frame import command, plain_command, sentence_of, shown
from santong.console.views.money_exceptions import queue_page
from santong.console.views.payments import intent_page, may_cancel
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError, FieldInvalid, PermissionMissing
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import id_of
from santong.payments import public as payments

QUEUE: Final = "queue"


@whole_page("payments.view", method="POST")
def cancel(request: MerchantRequest, intent_id: str) -> HttpResponse:
    """Ask for the money no longer, for a reason: with `payments.handle`, or `payments.take`."""
    if not may_cancel(request):
        raise PermissionMissing(permission="payments.handle")
    intent = _intent(request, intent_id)
    return plain_command(
        request,
        write=lambda: payments.cancel_intent(
            merchant_id=request.merchant_id,
            intent_id=intent.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        ),
        said=_("It is asked for no longer; providers are told to close it."),
        where=_page_of(intent.id),
        again=lambda refused: intent_page(request, intent.id, refused=refused, failed="cancel"),
    )


@whole_page("payments.handle", method="POST")
def ask_again(request: MerchantRequest, intent_id: str) -> HttpResponse:
    """Have the provider asked at once about a tender, or about a part of a refund."""
    intent = _intent(request, intent_id)
    tender, part = request.POST.get("tender", ""), request.POST.get("part", "")

    def act() -> str:
        now = datetime.now(UTC)
        if tender:
            tender_id = id_of(tender, kind="tender")
            _check_among(tender_id, [each.id for each in intent.tenders], "/tender")
            payments.ask_payment_again(
                merchant_id=request.merchant_id, tender_id=tender_id, now=now
            )
        else:
            part_id = id_of(part, kind="refund_part")
            known = payments.refunds_of(merchant_id=request.merchant_id, document=intent.document)
            _check_among(part_id, [p.id for refund in known for p in refund.parts], "/part")
            payments.ask_refund_again(merchant_id=request.merchant_id, part_id=part_id, now=now)
        messages.success(request, _("The provider is being asked; look again in a moment."))
        return _where(request, intent.id)

    return command(request, act=act, again=_again(request, intent.id, "ask"))


@whole_page("payments.refund")
def refund_form(request: MerchantRequest, intent_id: str) -> HttpResponse:
    """What a refund would do: so much, along which tenders; nothing is done yet."""
    return _refund_page(request, _intent(request, intent_id))


@whole_page("payments.refund", method="POST")
def give_back(request: MerchantRequest, intent_id: str) -> HttpResponse:
    """Give back what was shown, if it still goes the way that was shown."""
    intent = _intent(request, intent_id)

    def act() -> str:
        amount = amount_in(request.POST, "amount", intent.currency)
        if not amount:
            raise FieldInvalid(pointer="/amount", reason="an amount")
        refund = payments.refund(
            merchant_id=request.merchant_id,
            document=intent.document,
            key=f"console:{request.POST.get('key', '')[:80]}",
            amount_minor=amount,
            currency=intent.currency,
            reason=text_of(request, "reason"),
            tender_id=_tender_id(request.POST.get("tender", "")),
            now=datetime.now(UTC),
        )
        if _way_of(refund.parts) != request.POST.get("way", ""):
            raise WayChanged(document=intent.document)
        messages.success(request, _("The refund is on its way."))
        return _page_of(intent.id)

    return command(
        request, act=act, again=lambda refused: _refund_page(request, intent, refused=refused)
    )


@whole_page("payments.refund", method="POST")
def retry(request: MerchantRequest, intent_id: str, refund_id: str) -> HttpResponse:
    """Give back again what failed, the same way or along one tender alone."""
    intent = _intent(request, intent_id)
    refund = _refund_of(request, intent, refund_id)
    return plain_command(
        request,
        write=lambda: payments.retry_refund(
            merchant_id=request.merchant_id,
            refund_id=refund.id,
            reason=text_of(request, "reason"),
            tender_id=_tender_id(request.POST.get("tender", "")),
            now=datetime.now(UTC),
        ),
        said=_("What failed is given back again."),
        where=_where(request, intent.id),
        again=_again(request, intent.id, f"retry-{refund.id}"),
    )


@whole_page("payments.refund", method="POST")
def give_up(request: MerchantRequest, intent_id: str, refund_id: str) -> HttpResponse:
    """Leave a refund at what went back: the rest was settled otherwise."""
    intent = _intent(request, intent_id)
    refund = _refund_of(request, intent, refund_id)

    def act() -> str:
        payments.give_up_refund(
            merchant_id=request.merchant_id,
            refund_id=refund.id,
            reason=text_of(request, "reason"),
            now=datetime.now(UTC),
        )
        messages.success(request, _("It is left at what went back."))
        return _where(request, intent.id)

    return command(request, act=act, again=_again(request, intent.id, f"give_up-{refund.id}"))


@whole_page("payments.handle", method="POST")
def confirm(request: MerchantRequest, intent_id: str, part_id: str) -> HttpResponse:
    """Say of a part that a channel gives back whether it did."""
    intent = _intent(request, intent_id)
    number = id_of(part_id, kind="refund_part")
    known = payments.refunds_of(merchant_id=request.merchant_id, document=intent.document)

    def act() -> str:
        _check_among(number, [part.id for refund in known for part in refund.parts], "/part")
        payments.confirm_refund(
            merchant_id=request.merchant_id,
            part_id=number,
            went=choice_of(request, "went", among=("yes", "no")) == "yes",
            their_reference=optional_text(request, "their_reference", longest=128),
            reason=optional_text(request, "reason", longest=120),
            now=datetime.now(UTC),
        )
        messages.success(request, _("It is written down."))
        return _where(request, intent.id)

    return command(request, act=act, again=_again(request, intent.id, f"confirm-{number}"))


def _refund_page(
    request: MerchantRequest, intent: payments.Intent, *, refused: DomainError | None = None
) -> HttpResponse:
    asked = request.POST or request.GET
    problem = ""
    try:
        tender_id = _tender_id(asked.get("tender", ""))
        amount = amount_in(asked, "amount", intent.currency)
    except DomainError as wrong:
        tender_id, amount, problem = None, None, sentence_of(wrong)
    plan = payments.refund_plan(
        merchant_id=request.merchant_id,
        document=intent.document,
        currency=intent.currency,
        amount_minor=amount or 0,
        tender_id=tender_id,
    )
    if amount and not plan.parts:
        problem = sentence_of(
            payments.MoreThanReceived(
                document=intent.document,
                wanted_minor=amount,
                refundable_minor=plan.refundable_minor,
            )
        )
    accounts = payments.payment_accounts(merchant_id=request.merchant_id)
    values = {
        "intent": intent,
        "tenders": [
            tender
            for each in payments.intents_of(
                merchant_id=request.merchant_id, document=intent.document
            )
            for tender in each.tenders
            if tender.captured_minor
        ],
        "plan": plan,
        "amount_minor": amount,
        "asked": asked,
        "name_by_account": {each.code: each.name for each in accounts},
        "refusal": sentence_of(refused) if refused else problem,
        "way": _way_of(plan.parts),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "payments/refund", values, section="payments", status=status)


def _way_of(parts: Sequence[payments.PlannedPart] | Sequence[payments.RefundPart]) -> str:
    """Along which tenders, as the form says what was shown."""
    return ",".join(f"{part.tender_id}:{part.amount_minor}" for part in parts)


def _again(
    request: MerchantRequest, intent_id: int, failed: str
) -> Callable[[DomainError], HttpResponse]:
    """The page from which the form was sent, with the refusal beside it."""
    if request.POST.get("from") == QUEUE:
        return lambda refused: queue_page(request, refused=refused, failed=failed)
    return lambda refused: intent_page(request, intent_id, refused=refused, failed=failed)


def _where(request: MerchantRequest, intent_id: int) -> str:
    is_queue = request.POST.get("from") == QUEUE
    return "/console/payments/exceptions/" if is_queue else _page_of(intent_id)


def _page_of(intent_id: int) -> str:
    return f"/console/payments/{intent_id}/"


def _intent(request: MerchantRequest, intent_id: str) -> payments.Intent:
    return payments.intent_by_id(
        merchant_id=request.merchant_id, intent_id=id_of(intent_id, kind="payment_intent")
    )


def _refund_of(
    request: MerchantRequest, intent: payments.Intent, refund_id: str
) -> payments.Refund:
    refund = payments.refund_by_id(
        merchant_id=request.merchant_id, refund_id=id_of(refund_id, kind="payment_refund")
    )
    _check_among(refund.document, [intent.document], "/refund")
    return refund


def _tender_id(text: str) -> int | None:
    return id_of(text, kind="tender") if text else None


def _check_among(wanted: object, known: Sequence[object], pointer: str) -> None:
    if wanted not in known:
        raise FieldInvalid(pointer=pointer, reason="not of this payment")
