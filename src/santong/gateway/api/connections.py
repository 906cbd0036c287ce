"""Connections over HTTP: set up, rotated, paused, watched."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import ConfigDict, Field

from santong.gateway import contracts
from santong.gateway.rules.alarm import WINDOW
from santong.gateway.selectors import connections as reading
from santong.gateway.selectors import health as watching
from santong.gateway.services import create_connection as creating
from santong.gateway.services import pause_connection as pausing
from santong.gateway.services import rotate_secret as rotating
from santong.gateway.services import update_connection as changing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import Page, before_id, id_of, page_of

router = Router(tags=["connections"])

CREATED = 201
HOURS_MOST = 24 * 7

Limit = Annotated[int, Query(ge=1, le=200)]
Reason = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(max_length=contracts.LONGEST_SECRET)]
Url = Annotated[str, Field(max_length=contracts.LONGEST_URL)]
Wait = Annotated[int, Field(strict=True, ge=100, le=30_000)]
SignMethod = Literal["md5", "hmac", "hmac-sha256"]


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


class ReasonIn(Body):
    """Why it is done."""

    reason: Reason


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
    sign_method: contracts.SignMethod
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


class HealthOut(Schema):
    """How one method fared in the window."""

    connection_id: str
    direction: contracts.Direction
    method: str
    calls: int
    failures: int
    percentage: str
    p95_ms: int


class LineOut(Schema):
    """A connection's breaker and queue."""

    connection_id: str
    breaker: contracts.BreakerState
    rests_until: datetime | None
    waiting: int
    oldest_at: datetime | None


class HealthListOut(Schema):
    """Every line and how its methods fared."""

    lines: list[LineOut]
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


@router.get("/connections", response=ConnectionListOut, auth=requires("connections.view"))
def list_connections(request: MerchantRequest) -> Any:
    """Every line to a marketplace or an older CRM, oldest first."""
    rows = reading.connections(merchant_id=request.merchant_id, now=datetime.now(UTC))
    return {"items": [_plain(row) for row in rows]}


@router.post(
    "/connections", response={CREATED: NewConnectionOut}, auth=requires("connections.edit")
)
def create_connection(
    request: MerchantRequest, body: ConnectionIn, response: HttpResponse
) -> Status[Any]:
    """Set up a line. The answer shows its secret, this once."""
    connection, secret = creating.create_connection(
        merchant_id=request.merchant_id,
        wanted=contracts.NewConnection(**body.model_dump()),
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return Status(CREATED, {"connection": _plain(connection), "secret": asdict(secret)})


@router.get("/connections/health", response=HealthListOut, auth=requires("connections.view"))
def read_health(
    request: MerchantRequest, hours: Annotated[int, Query(ge=0, le=HOURS_MOST)] = 0
) -> Any:
    """Every line's breaker and queue, and how each method fared: in five minutes, or in hours."""
    window = timedelta(hours=hours) or WINDOW
    merchant_id = request.merchant_id
    found = watching.health(merchant_id=merchant_id, since=datetime.now(UTC) - window)
    return {
        "lines": [_plain(row) for row in watching.line_states(merchant_id=merchant_id)],
        "methods": [_plain(row) for row in found],
    }


@router.get("/connection-alarms", response=Page[AlarmOut], auth=requires("connections.view"))
def list_alarms(
    request: MerchantRequest,
    cursor: str | None = None,
    limit: Limit = 50,
    *,
    standing: bool = False,
) -> Any:
    """Alarms, newest first; with `standing`, those that have not ended."""
    rows = watching.alarms(
        merchant_id=request.merchant_id,
        before_id=before_id(cursor),
        limit=limit + 1,
        only_open=standing,
    )
    return page_of([_plain(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.get(
    "/connections/{connection_id}", response=ConnectionOut, auth=requires("connections.view")
)
def read_connection(request: MerchantRequest, connection_id: str, response: HttpResponse) -> Any:
    """One line, without its secrets."""
    found = _found(request, connection_id)
    set_etag(response, version=found.version)
    return _plain(found)


@router.patch(
    "/connections/{connection_id}", response=ConnectionOut, auth=requires("connections.edit")
)
def update_connection(
    request: MerchantRequest,
    connection_id: str,
    body: ConnectionChangeIn,
    response: HttpResponse,
) -> Any:
    """Change a line that is still as you saw it (If-Match). In use within five seconds."""
    changed = changing.update_connection(
        merchant_id=request.merchant_id,
        connection_id=_id(connection_id),
        change=contracts.ConnectionChange(**body.model_dump()),
        expected_version=expected_version(request),
        now=datetime.now(UTC),
    )
    set_etag(response, version=changed.version)
    return _plain(changed)


@router.post(
    "/connections/{connection_id}/secrets", response=SecretOut, auth=requires("connections.edit")
)
def rotate_secret(
    request: MerchantRequest, connection_id: str, body: RotationIn, response: HttpResponse
) -> Any:
    """A new secret; the older one stays good for a while, or ends at once with 0 minutes."""
    made = rotating.rotate_secret(
        merchant_id=request.merchant_id,
        connection_id=_id(connection_id),
        secret=body.secret,
        older_lives=timedelta(minutes=body.older_lives_minutes),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    response["Cache-Control"] = "no-store"
    return asdict(made)


@router.post(
    "/connections/{connection_id}/pause", response=ConnectionOut, auth=requires("connections.edit")
)
def pause_connection(request: MerchantRequest, connection_id: str, body: ReasonIn) -> Any:
    """Let nothing in or out; what waits keeps waiting."""
    return _plain(
        pausing.pause_connection(
            merchant_id=request.merchant_id,
            connection_id=_id(connection_id),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/connections/{connection_id}/resume",
    response=ConnectionOut,
    auth=requires("connections.edit"),
)
def resume_connection(request: MerchantRequest, connection_id: str, body: ReasonIn) -> Any:
    """Let calls in and out again; what waited is sent."""
    return _plain(
        pausing.resume_connection(
            merchant_id=request.merchant_id,
            connection_id=_id(connection_id),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.get(
    "/connections/{connection_id}/calls",
    response=Page[CallOut],
    auth=requires("connections.view"),
)
def list_calls(
    request: MerchantRequest,
    connection_id: str,
    cursor: str | None = None,
    limit: Limit = 50,
    *,
    failed: bool = False,
) -> Any:
    """The log of a line, newest first, with masked bodies; with `failed`, what went wrong."""
    rows = watching.calls_of(
        merchant_id=request.merchant_id,
        connection_id=_found(request, connection_id).id,
        before_id=before_id(cursor),
        limit=limit + 1,
        only_failures=failed,
    )
    return page_of([_plain(row) for row in rows], limit=limit, ids=[row.id for row in rows])


def _found(request: MerchantRequest, connection_id: str) -> contracts.Connection:
    return reading.connection_by_id(
        merchant_id=request.merchant_id,
        connection_id=_id(connection_id),
        now=datetime.now(UTC),
    )


def _id(text: str) -> int:
    return id_of(text, kind="connection")


def _plain(row: Any) -> dict[str, Any]:
    """A contract as JSON says it: ids are texts."""
    shown = asdict(row)
    return {
        name: str(value) if name == "id" or name.endswith("_id") else value
        for name, value in shown.items()
    }
