"""What leaves messaging: frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

EndpointState = Literal["active", "failing", "paused", "gone"]
PauseReason = Literal["", "asked", "failed_too_long", "gone"]
Outcome = Literal["delivered", "failed"]

ENDPOINT_STATES: tuple[EndpointState, ...] = ("active", "failing", "paused", "gone")
PAUSE_REASONS: tuple[PauseReason, ...] = ("", "asked", "failed_too_long", "gone")
OUTCOMES: tuple[Outcome, ...] = ("delivered", "failed")
LONGEST_NAME = 60
LONGEST_URL = 500
LONGEST_GROUP = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEndpoint:
    """Where to send what, as somebody asks for it."""

    name: str
    url: str
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointChange:
    """What is to be different; None leaves it as it is."""

    name: str | None = None
    url: str | None = None
    topics: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A webhook (回调): an address that is told of topics, and how far it has come.

    `waiting` counts messages of its topics that it has not got yet, `lag_seconds` is the age of
    the oldest of these, `dead` counts those that were given up.
    """

    id: int
    name: str
    url: str
    topics: tuple[str, ...]
    state: EndpointState
    paused_why: PauseReason
    failing_since: datetime | None
    rests_until: datetime | None
    read_through: int
    waiting: int
    lag_seconds: int
    dead: int
    live_secrets: int
    version: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A signing secret, shown once. The one before stays good until `older_until`."""

    number: int
    secret: str
    older_until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a merchant's log. `key` orders it among those of the same thing."""

    number: int
    topic: str
    key: str
    content: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One try to deliver one message. `why` says in a word what went wrong, and names nobody."""

    id: int
    endpoint_id: int
    number: int
    topic: str
    attempt: int
    at: datetime
    milliseconds: int
    outcome: Outcome
    status: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that an endpoint could not take: tried again at `next_at`, or given up."""

    number: int
    topic: str
    attempts: int
    next_at: datetime
    is_dead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Permit:
    """What an app may hear of a seller by the message channel (TMC)."""

    app_key: str
    group_name: str
    user_id: int
    user_nick: str
    topics: tuple[str, ...]
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelMessage:
    """A message of the channel: `id` is what is confirmed."""

    id: int
    merchant_id: int
    topic: str
    content: str
    published_at: datetime
    publisher: str
    user_id: int
    user_nick: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MailEntry:
    """Somebody who has alarms by mail, masked."""

    id: int
    masked: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopTopicDescription:
    """A topic of the message channel: the facts it is told of, and a content as JSON."""

    name: str
    facts: tuple[str, ...]
    content: str
