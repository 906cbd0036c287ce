"""Webhooks over HTTP: set up, changed, rotated, paused, tested, watched, replayed."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from santong.kernel.errors import FieldInvalid
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.messaging import contracts
from santong.messaging.api.shapes import (
    LogPageOut,
    NewWebhookOut,
    TopicListOut,
    WebhookChangeIn,
    WebhookDeliveryOut,
    WebhookIn,
    WebhookListOut,
    WebhookOut,
    WebhookReasonIn,
    WebhookReplayIn,
    WebhookReplayOut,
    WebhookRotationIn,
    WebhookSecretOut,
    WebhookWaitingListOut,
)
from santong.messaging.rules.topics import NAMES
from santong.messaging.selectors import webhooks as reading
from santong.messaging.services import create_webhook as creating
from santong.messaging.services import pause_webhook as pausing
from santong.messaging.services import replay as replaying
from santong.messaging.services import rotate_secret as rotating
from santong.messaging.services import update_webhook as changing

router = Router(tags=["webhooks"])

CREATED = 201
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/webhook-topics", response=TopicListOut, auth=requires("messages.view"))
def list_topics(request: MerchantRequest) -> Any:
    """Every topic; what each carries is in asyncapi.json."""
    return {"items": sorted(NAMES)}


@router.get("/messages", response=LogPageOut, auth=requires("messages.view"))
def list_messages(
    request: MerchantRequest,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Limit = 100,
) -> Any:
    """The log behind a number: what webhooks were told of, 30 days back. Nothing is skipped."""
    found = reading.messages_after(merchant_id=request.merchant_id, number=after, limit=limit)
    return {
        "items": [
            {
                "number": str(each.number),
                "topic": each.topic,
                "subject": each.key,
                "at": each.at,
                "data": each.content,
            }
            for each in found
        ],
        "next_after": str(found[-1].number if found else after),
    }


@router.get("/webhooks", response=WebhookListOut, auth=requires("messages.view"))
def list_webhooks(request: MerchantRequest) -> Any:
    """Every webhook with its lag, oldest first."""
    found = reading.webhooks(merchant_id=request.merchant_id, now=datetime.now(UTC))
    return {"items": [_plain(each) for each in found]}


@router.post("/webhooks", response={CREATED: NewWebhookOut}, auth=requires("messages.edit"))
def create_webhook(
    request: MerchantRequest, body: WebhookIn, response: HttpResponse
) -> Status[Any]:
    """Tell an address of topics from now on. The answer shows its secret, this once."""
    webhook_id, secret = creating.create_webhook(
        merchant_id=request.merchant_id,
        wanted=contracts.NewEndpoint(name=body.name, url=body.url, topics=tuple(body.topics)),
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return Status(
        CREATED, {"webhook": _plain(_found(request, webhook_id)), "secret": asdict(secret)}
    )


@router.get("/webhooks/{webhook_id}", response=WebhookOut, auth=requires("messages.view"))
def read_webhook(request: MerchantRequest, webhook_id: str, response: HttpResponse) -> Any:
    """One webhook and how far it has come."""
    found = _found(request, _id(webhook_id))
    set_etag(response, version=found.version)
    return _plain(found)


@router.patch("/webhooks/{webhook_id}", response=WebhookOut, auth=requires("messages.edit"))
def update_webhook(
    request: MerchantRequest, webhook_id: str, body: WebhookChangeIn, response: HttpResponse
) -> Any:
    """Change a webhook that is still as you saw it (If-Match)."""
    changing.update_webhook(
        merchant_id=request.merchant_id,
        webhook_id=_id(webhook_id),
        change=contracts.EndpointChange(
            name=body.name,
            url=body.url,
            topics=tuple(body.topics) if body.topics is not None else None,
        ),
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    found = _found(request, _id(webhook_id))
    set_etag(response, version=found.version)
    return _plain(found)


@router.post(
    "/webhooks/{webhook_id}/secrets", response=WebhookSecretOut, auth=requires("messages.edit")
)
def rotate_secret(
    request: MerchantRequest, webhook_id: str, body: WebhookRotationIn, response: HttpResponse
) -> Any:
    """A new secret; both sign for a while, or only the new one with 0 minutes."""
    made = rotating.rotate_secret(
        merchant_id=request.merchant_id,
        webhook_id=_id(webhook_id),
        older_lives=timedelta(minutes=body.older_lives_minutes),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return asdict(made)


@router.post("/webhooks/{webhook_id}/pause", response=WebhookOut, auth=requires("messages.edit"))
def pause_webhook(request: MerchantRequest, webhook_id: str, body: WebhookReasonIn) -> Any:
    """Send nothing; what is told meanwhile waits."""
    pausing.pause_webhook(
        merchant_id=request.merchant_id,
        webhook_id=_id(webhook_id),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _plain(_found(request, _id(webhook_id)))


@router.post("/webhooks/{webhook_id}/resume", response=WebhookOut, auth=requires("messages.edit"))
def resume_webhook(request: MerchantRequest, webhook_id: str, body: WebhookReasonIn) -> Any:
    """Send again, beginning with what waited."""
    pausing.resume_webhook(
        merchant_id=request.merchant_id,
        webhook_id=_id(webhook_id),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return _plain(_found(request, _id(webhook_id)))


@router.post(
    "/webhooks/{webhook_id}/test", response=WebhookReplayOut, auth=requires("messages.edit")
)
def send_test(request: MerchantRequest, webhook_id: str) -> Any:
    """Send a message of the topic `santong.test.v1`; its number, to find it in the deliveries."""
    number = replaying.send_test(
        merchant_id=request.merchant_id, webhook_id=_id(webhook_id), now=datetime.now(UTC)
    )
    return {"from_number": str(number)}


@router.post(
    "/webhooks/{webhook_id}/replays", response=WebhookReplayOut, auth=requires("messages.edit")
)
def replay(request: MerchantRequest, webhook_id: str, body: WebhookReplayIn) -> Any:
    """Send again from a number or an instant on, or one message alone; ids stay the same."""
    _found(request, _id(webhook_id))
    named = [body.from_number, body.since, body.only_number]
    if sum(each is not None for each in named) != 1:
        raise FieldInvalid(pointer="/from_number", reason="a number or an instant, one of them")
    now = datetime.now(UTC)
    if body.only_number is not None:
        replaying.replay_one(
            merchant_id=request.merchant_id,
            webhook_id=_id(webhook_id),
            number=body.only_number,
            reason=body.reason,
            now=now,
        )
        return {"from_number": str(body.only_number)}
    if body.since is not None and body.since.tzinfo is None:
        raise FieldInvalid(pointer="/since", reason="an instant with its offset")
    first = replaying.replay_from(
        merchant_id=request.merchant_id,
        webhook_id=_id(webhook_id),
        number=body.from_number,
        since=body.since,
        reason=body.reason,
        now=now,
    )
    return {"from_number": str(first)}


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    response=Page[WebhookDeliveryOut],
    auth=requires("messages.view"),
)
def list_deliveries(
    request: MerchantRequest,
    webhook_id: str,
    cursor: str | None = None,
    limit: Limit = 50,
    outcome: contracts.Outcome | None = None,
) -> Any:
    """What was tried, newest first; with `outcome`, only what went well or what did not."""
    found = _found(request, _id(webhook_id))
    rows = reading.deliveries(
        merchant_id=request.merchant_id,
        webhook_id=found.id,
        below_id=before_id(cursor),
        outcome=outcome or "",
        limit=limit + 1,
    )
    shown = [{**asdict(row), "id": str(row.id), "number": str(row.number)} for row in rows]
    return page_of(shown, limit=limit, ids=[row.id for row in rows])


@router.get(
    "/webhooks/{webhook_id}/waiting",
    response=WebhookWaitingListOut,
    auth=requires("messages.view"),
)
def list_waiting(request: MerchantRequest, webhook_id: str) -> Any:
    """What it could not take: tried again, or given up."""
    found = _found(request, _id(webhook_id))
    rows = reading.waiting_messages(merchant_id=request.merchant_id, webhook_id=found.id, limit=200)
    return {"items": [{**asdict(row), "number": str(row.number)} for row in rows]}


def _found(request: MerchantRequest, webhook_id: int) -> contracts.Endpoint:
    return reading.webhook_by_id(
        merchant_id=request.merchant_id, webhook_id=webhook_id, now=datetime.now(UTC)
    )


def _plain(found: contracts.Endpoint) -> dict[str, Any]:
    return {**asdict(found), "id": str(found.id), "read_through": str(found.read_through)}


def _id(text: str) -> int:
    return id_of(text, kind="webhook")
