"""The message centre: who is told of what, how far each has come, and who has alarms by mail."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse

from santong.console.views.frame import page, sentence_of, shown
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import before_id, cursor_after, id_of
from santong.messaging import public as messaging

SHOWN: Final = 30
# How long the secret before stays good, in minutes.
OLDER_LIVES: Final = (1_440, 60, 10_080, 0)


@page("messages.view")
def message_centre(request: MerchantRequest) -> HttpResponse:
    """Every webhook, every app that hears, everybody who has alarms by mail."""
    return centre_page(request)


def centre_page(
    request: MerchantRequest, *, refused: DomainError | None = None, failed: str = ""
) -> HttpResponse:
    """The message centre; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    found = messaging.webhooks(merchant_id=merchant_id, now=datetime.now(UTC))
    values = {
        "webhooks": found,
        "permits": messaging.permits(merchant_id=merchant_id),
        "waiting_by_app": messaging.waiting_by_app(merchant_id=merchant_id),
        "mails": messaging.mail_entries(merchant_id=merchant_id),
        "groups": topics_by_group(),
        "chosen": request.POST.getlist("topics"),
        "streams_url": settings.SANTONG_STREAMS_URL,
        "may_edit": "messages.edit" in request.actor.permissions,
        "failed": failed,
        **refusal_of(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "messages/centre", values, section="messages", status=status)


@page("messages.view")
def webhook_detail(request: MerchantRequest, webhook_id: str) -> HttpResponse:
    """One webhook: how far it has come, what it could not take, what was tried."""
    return webhook_page(request, id_of(webhook_id, kind="webhook"))


def webhook_page(
    request: MerchantRequest,
    webhook_id: int,
    *,
    refused: DomainError | None = None,
    failed: str = "",
    new_secret: messaging.Secret | None = None,
) -> HttpResponse:
    """The page of one webhook; with a refusal beside the form that was refused."""
    merchant_id = request.merchant_id
    webhook = messaging.webhook_by_id(
        merchant_id=merchant_id, webhook_id=webhook_id, now=datetime.now(UTC)
    )
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in messaging.OUTCOMES else ""
    tries = messaging.deliveries(
        merchant_id=merchant_id,
        webhook_id=webhook_id,
        below_id=before_id(request.GET.get("cursor")),
        outcome=outcome,
        limit=SHOWN + 1,
    )
    values: dict[str, Any] = {
        "webhook": webhook,
        "groups": topics_by_group(),
        "chosen": request.POST.getlist("topics") if failed == "change" else webhook.topics,
        "tries": tries[:SHOWN],
        "outcome": outcome,
        "outcomes": messaging.OUTCOMES,
        "next": _next(tries, outcome),
        "waiting": messaging.waiting_messages(
            merchant_id=merchant_id, webhook_id=webhook_id, limit=SHOWN
        ),
        "older_lives": OLDER_LIVES,
        "new_secret": new_secret,
        "may_edit": "messages.edit" in request.actor.permissions,
        "failed": failed,
        **refusal_of(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "messages/webhook", values, section="messages", status=status)


def topics_by_group() -> Mapping[str, Sequence[str]]:
    """Every topic, under the word in its middle: `order`, `stock`."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for topic in messaging.TOPICS:
        groups[topic.name.split(".")[1]].append(topic.name)
    return dict(groups)


def refusal_of(request: MerchantRequest, refused: DomainError | None) -> dict[str, Any]:
    """What a page says of a refusal, and what was sent."""
    return {
        "refusal": sentence_of(refused) if refused else "",
        "wrong": refused.pointer.strip("/") if isinstance(refused, FieldInvalid) else "",
        "sent": request.POST,
    }


def _next(tries: Sequence[messaging.Delivery], outcome: str) -> str:
    if len(tries) <= SHOWN:
        return ""
    filters = {"outcome": outcome} if outcome else {}
    return urlencode({**filters, "cursor": cursor_after(tries[SHOWN - 1].id)})
