"""Intents: the list, and one with its story."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse

from santong.console.selectors.payment_story import payment_story
from santong.console.views.fields import day_of
from santong.console.views.frame import places_of, sentence_of, shown
from santong.console.views.whole import whole_page
from santong.kernel.errors import DomainError
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after, id_of
from santong.merchants import public as merchants
from santong.orders import public as orders
from santong.payments import public as payments

SHOWN: Final = 50
LONGEST_SOUGHT: Final = 128
CANCELLABLE: Final = frozenset({"open", "authorised"})


@whole_page("payments.view")
def intent_list(request: MerchantRequest) -> HttpResponse:
    """Intents, newest first: by state, document, account, method, day, or any number of theirs."""
    asked = {
        name: request.GET.get(name, "").strip()[:LONGEST_SOUGHT].replace("\0", "")
        for name in ("state", "account", "method", "day", "reference", "document")
    }
    day = day_of(asked["day"])
    asked["day"] = day.isoformat() if day else ""
    accounts = payments.payment_accounts(merchant_id=request.merchant_id)
    found = payments.find_intents(
        merchant_id=request.merchant_id,
        below_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
        state=_one_of(asked["state"], payments.INTENT_STATES),
        method=_one_of(asked["method"], payments.METHODS),
        account_code=asked["account"] if asked["account"] in {a.code for a in accounts} else "",
        opened_from=_midnight(request, day) if day else None,
        opened_until=_midnight(request, day + timedelta(days=1)) if day else None,
        reference=asked["reference"],
        documents=_documents(request, asked["document"]),
    )
    filters = {name: text for name, text in asked.items() if text}
    shown_now = found[:SHOWN]
    values = {
        "intents": shown_now,
        "order_by_document": orders_of_documents(request, [each.document for each in shown_now]),
        "name_by_account": {each.code: each.name for each in accounts},
        "accounts": accounts,
        "asked": asked,
        "states": payments.INTENT_STATES,
        "methods": payments.METHODS,
        "is_filtered": bool(filters),
        "next": (
            urlencode({**filters, "cursor": cursor_after(found[SHOWN - 1].id)})
            if len(found) > SHOWN
            else ""
        ),
    }
    return shown(request, "payments/intents", values, section="payments")


@whole_page("payments.view")
def intent_detail(request: MerchantRequest, intent_id: str) -> HttpResponse:
    """One intent: tenders, calls, notices, refunds, what moved, what the books say."""
    return intent_page(request, id_of(intent_id, kind="payment_intent"))


def intent_page(
    request: MerchantRequest,
    intent_id: int,
    *,
    refused: DomainError | None = None,
    failed: str = "",
) -> HttpResponse:
    """The page of one intent; with a refusal beside the form that was refused."""
    story = payment_story(merchant_id=request.merchant_id, intent_id=intent_id)
    accounts = payments.payment_accounts(merchant_id=request.merchant_id)
    values: dict[str, Any] = {
        "story": story,
        "intent": story.intent,
        "name_by_account": {each.code: each.name for each in accounts},
        "provider_by_account": {each.code: each.provider for each in accounts},
        "opens_order": story.order is not None and places_of(request, "orders.view") is None,
        "can_cancel": story.intent.state in CANCELLABLE and may_cancel(request),
        "can_refund": story.refundable_minor > 0 and may_everywhere(request, "payments.refund"),
        "can_retry": may_everywhere(request, "payments.refund"),
        "can_ask": may_everywhere(request, "payments.handle"),
        "signers": signers(request, {refund.actor for refund in story.refunds}),
        "failed": failed,
        "refusal": sentence_of(refused) if refused else "",
        "sent": request.POST,
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "payments/intent", values, section="payments", status=status)


def may_cancel(request: MerchantRequest) -> bool:
    """Who asks for money may ask no longer, and so may who looks after payments."""
    return any(may_everywhere(request, each) for each in ("payments.take", "payments.handle"))


def may_everywhere(request: MerchantRequest, permission: str) -> bool:
    """Whether somebody has a permission for the whole merchant."""
    return places_of(request, permission) is None


def signers(request: MerchantRequest, signatures: set[str]) -> dict[str, str]:
    """What those are called who signed with a number."""
    return merchants.names_by_signature(merchant_id=request.merchant_id, signatures=signatures)


def orders_of_documents(request: MerchantRequest, documents: list[str]) -> dict[str, orders.Order]:
    """The orders among documents, by document, for whoever may see all orders."""
    if not may_everywhere(request, "orders.view"):
        return {}
    id_by_document = {each: orders.order_of_document(document=each) for each in documents}
    found = orders.orders_by_id(
        merchant_id=request.merchant_id,
        order_ids=[number for number in id_by_document.values() if number is not None],
    )
    return {
        document: found[number]
        for document, number in id_by_document.items()
        if number is not None and number in found
    }


def _documents(request: MerchantRequest, text: str) -> tuple[str, ...] | None:
    """`order:17` names a document; anything else is the number of an order."""
    if not text:
        return None
    if ":" in text:
        return (text,)
    found = orders.orders_page(merchant_id=request.merchant_id, external_number=text, limit=SHOWN)
    return tuple(orders.document_of(order_id=each.id) for each in found)


def _one_of(text: str, words: tuple[Any, ...]) -> Any:
    return text if text in words else None


def _midnight(request: MerchantRequest, day: date) -> datetime:
    zone = ZoneInfo(request.merchant.timezone)  # type: ignore[attr-defined]
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
