"""Connections over HTTP: set up, rotated, paused, watched."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import Query, Router
from ninja.responses import Status

from santong.gateway import contracts
from santong.gateway.api.connection_shapes import (
    AlarmOut,
    CallOut,
    ConnectionChangeIn,
    ConnectionIn,
    ConnectionListOut,
    ConnectionOut,
    ConnectionReasonIn,
    HealthListOut,
    NewConnectionOut,
    RotationIn,
    SecretOut,
    SentNowOut,
    TryIn,
    TryOut,
    WaitingListOut,
)
from santong.gateway.rules.alarm import WINDOW
from santong.gateway.selectors import connections as reading
from santong.gateway.selectors import health as watching
from santong.gateway.selectors import waiting as queueing
from santong.gateway.services import create_connection as creating
from santong.gateway.services import pause_connection as pausing
from santong.gateway.services import rotate_secret as rotating
from santong.gateway.services import send_now as hurrying
from santong.gateway.services import try_call as trying
from santong.gateway.services import update_connection as changing
from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.etags import expected_version, set_etag
from santong.kernel.http.pages import Page, before_id, id_of, page_of

router = Router(tags=["connections"])

CREATED = 201
HOURS_MOST = 24 * 7

Limit = Annotated[int, Query(ge=1, le=200)]


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
    """Change a line that is still as you saw it (If-Match). In use within a second."""
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
def pause_connection(request: MerchantRequest, connection_id: str, body: ConnectionReasonIn) -> Any:
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
def resume_connection(
    request: MerchantRequest, connection_id: str, body: ConnectionReasonIn
) -> Any:
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


@router.get(
    "/connections/{connection_id}/waiting",
    response=WaitingListOut,
    auth=requires("connections.view"),
)
def list_waiting(request: MerchantRequest, connection_id: str, limit: Limit = 50) -> Any:
    """What waits to be sent and why, failures first, and the last that were refused for good."""
    rows = queueing.waiting_of(
        merchant_id=request.merchant_id,
        connection_id=_found(request, connection_id).id,
        limit=limit,
        refused=limit,
    )
    return {"items": [asdict(row) for row in rows]}


@router.post(
    "/connections/{connection_id}/send-now",
    response=SentNowOut,
    auth=requires("connections.edit"),
)
def send_now(request: MerchantRequest, connection_id: str, body: ConnectionReasonIn) -> Any:
    """Let everything that waits for its next try be due now, and a resting breaker try."""
    hurried = hurrying.send_now(
        merchant_id=request.merchant_id,
        connection_id=_id(connection_id),
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return {"hurried": hurried}


@router.post("/connections/{connection_id}/try", response=TryOut, auth=requires("connections.edit"))
def try_call(request: MerchantRequest, connection_id: str, body: TryIn) -> Any:
    """What a marketplace would be answered now. Nothing of it stays, nobody is told."""
    answered = trying.try_call(
        merchant_id=request.merchant_id,
        connection_id=_id(connection_id),
        method=body.method,
        fields=body.fields,
        reason=body.reason,
        now=datetime.now(UTC),
    )
    return {
        "document": answered.document,
        "outcome": answered.outcome,
        "code": answered.code,
    }


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
