"""The shapes of connections over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from santong.gateway import contracts
from santong.kernel.signing import SignMethod

Reason = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=contracts.LONGEST_SECRET)]
Url = Annotated[str, Field(max_length=contracts.LONGEST_URL)]
Wait = Annotated[int, Field(strict=True, ge=100, le=30_000)]


class Body(Schema):
    """A body in which a misspelt field is a mistake, not a silence."""

    model_config = ConfigDict(extra="forbid")


class ConnectionIn(Body):
    """A line to a marketplace or to an older CRM. Secrets are sealed and not shown again."""

    code: Text
    name: Text
    kind: Literal["marketplace", "crm"]
    app_key: Text
    storefront_code: Text = ""
    programme_code: Text = ""
    behind_code: Text = ""
    url: Url = ""
    sign_method: SignMethod = "hmac-sha256"
    secret: Text = ""
    session: Text = ""
    mix_key: Text = ""
    is_bind_query_allowed: bool = True
    is_registration_open: bool = True
    is_plain_registration_allowed: bool = True
    answers_within_ms: Wait = 1_200


class ConnectionChangeIn(Body):
    """What is to become otherwise; what is left out stays."""

    name: Text | None = None
    behind_code: Text | None = None
    url: Url | None = None
    sign_method: SignMethod | None = None
    session: Text | None = None
    mix_key: Text | None = None
    is_bind_query_allowed: bool | None = None
    is_registration_open: bool | None = None
    is_plain_registration_allowed: bool | None = None
    answers_within_ms: Wait | None = None


class RotationIn(Body):
    """A new secret, the other side's own or one to be made; the older stays good so long."""

    secret: Text = ""
    older_lives_minutes: Annotated[int, Field(strict=True, ge=0, le=43_200)] = 1_440
    reason: Reason


class ConnectionReasonIn(Body):
    """Why it is done."""

    reason: Reason


class TryIn(Body):
    """A call as a marketplace would make it, unsigned."""

    method: Text
    fields: dict[str, str | int | None]
    reason: Reason


class TryOut(Schema):
    """What we would answer, and how the log would count it."""

    document: dict[str, Any]
    outcome: contracts.Outcome
    code: str


class ConnectionOut(Schema):
    """A line, without its secrets."""

    id: str
    code: str
    name: str
    kind: contracts.ConnectionKind
    storefront_code: str
    behind_code: str
    app_key: str
    url: str
    sign_method: SignMethod
    state: contracts.ConnectionState
    is_bind_query_allowed: bool
    is_registration_open: bool
    is_plain_registration_allowed: bool
    answers_within_ms: int
    live_secrets: int
    version: int


class SecretOut(Schema):
    """A secret, shown once, and until when the one before it is good."""

    number: int
    secret: str
    older_until: datetime | None


class NewConnectionOut(Schema):
    """A new line with its secret, which is shown once."""

    connection: ConnectionOut
    secret: SecretOut


class CallOut(Schema):
    """A call of the log; nothing in its bodies names anybody."""

    id: str
    direction: contracts.Direction
    method: str
    at: datetime
    milliseconds: int
    outcome: contracts.Outcome
    code: str
    request: dict[str, Any]
    answer: dict[str, Any]


class WaitingOut(Schema):
    """Something that waits to be sent, or was refused for good; nothing in it names anybody."""

    serial_no: str
    method: str
    state: contracts.WaitingState
    attempts: int
    code: str
    since: datetime
    due_at: datetime


class WaitingListOut(Schema):
    """What waits on a connection, failures first."""

    items: list[WaitingOut]


class SentNowOut(Schema):
    """How many deliveries do not wait any longer."""

    hurried: int


class HealthOut(Schema):
    """How one method fared in the window."""

    connection_id: str
    direction: contracts.Direction
    method: str
    calls: int
    failures: int
    percentage: str
    p95_ms: int


class ConnectionLineOut(Schema):
    """A connection's breaker and queue."""

    connection_id: str
    breaker: contracts.BreakerState
    rests_until: datetime | None
    waiting: int
    oldest_at: datetime | None


class HealthListOut(Schema):
    """Every line and how its methods fared."""

    lines: list[ConnectionLineOut]
    methods: list[HealthOut]


class AlarmOut(Schema):
    """Too many calls failed: "4 failures, 12.12 %"."""

    id: str
    connection_id: str
    opened_at: datetime
    closed_at: datetime | None
    calls: int
    failures: int
    percentage: str


class ConnectionListOut(Schema):
    """Every connection."""

    items: list[ConnectionOut]
