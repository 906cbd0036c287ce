"""The shapes of webhooks over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, Field

from santong.messaging.contracts import (
    LONGEST_NAME,
    LONGEST_URL,
    EndpointState,
    Outcome,
    PauseReason,
)

Reason = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]
Url = Annotated[str, Field(min_length=1, max_length=LONGEST_URL)]
Topics = Annotated[list[Annotated[str, Field(max_length=100)]], Field(min_length=1, max_length=200)]
Number = Annotated[int, Field(strict=True, ge=1, le=2**62)]
Minutes = Annotated[int, Field(strict=True, ge=0, le=43_200)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class WebhookIn(Body):
    """An address to be told of topics."""

    name: Name
    url: Url
    topics: Topics


class WebhookChangeIn(Body):
    """What is to become otherwise; what is left out stays."""

    name: Name | None = None
    url: Url | None = None
    topics: Topics | None = None


class WebhookReasonIn(Body):
    """Why."""

    reason: Reason


class WebhookRotationIn(Body):
    """How long the older secret stays good beside the new one; 0 ends it at once."""

    older_lives_minutes: Minutes = 1_440
    reason: Reason


class WebhookReplayIn(Body):
    """From where to send again: one of the three."""

    from_number: Number | None = None
    since: datetime | None = None
    only_number: Number | None = None
    reason: Reason


class WebhookOut(Schema):
    """A webhook and how far it has come; its secret is not shown again."""

    id: str
    name: str
    url: str
    topics: list[str]
    state: EndpointState
    paused_why: PauseReason
    failing_since: datetime | None
    rests_until: datetime | None
    read_through: str
    waiting: int
    lag_seconds: int
    dead: int
    live_secrets: int
    version: int
    created_at: datetime


class WebhookListOut(Schema):
    """Every webhook."""

    items: list[WebhookOut]


class WebhookSecretOut(Schema):
    """A secret, shown this once; the one before stays good until `older_until`."""

    number: int
    secret: str
    older_until: datetime | None


class NewWebhookOut(Schema):
    """A webhook and its secret."""

    webhook: WebhookOut
    secret: WebhookSecretOut


class WebhookDeliveryOut(Schema):
    """One try."""

    id: str
    number: str
    topic: str
    attempt: int
    at: datetime
    milliseconds: int
    outcome: Outcome
    status: int | None
    why: str


class WebhookWaitingOut(Schema):
    """A message that could not be delivered yet, or was given up."""

    number: str
    topic: str
    attempts: int
    next_at: datetime
    is_dead: bool


class WebhookWaitingListOut(Schema):
    """What waits, the oldest first, at most 200."""

    items: list[WebhookWaitingOut]


class WebhookReplayOut(Schema):
    """The first number that is sent again."""

    from_number: str


class TopicListOut(Schema):
    """Every topic that a webhook may be told of."""

    items: list[str]


class LogMessageOut(Schema):
    """A message of the log."""

    number: str
    topic: str
    subject: str
    at: datetime
    data: dict[str, Any]


class LogPageOut(Schema):
    """Messages in the order of their numbers, and the number behind which to go on."""

    items: list[LogMessageOut]
    next_after: str
