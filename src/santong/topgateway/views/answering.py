"""One call from its bytes to its answer: every check in its order (ADR 0065), never a 5xx."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

import structlog
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import HttpRequest, UnreadablePostError

from santong.kernel.actors import Actor
from santong.openplatform import public as openplatform
from santong.topgateway import errors
from santong.topgateway.contracts import Call, Style
from santong.topgateway.documents.bodies import arguments_of
from santong.topgateway.documents.wire import check_length, read
from santong.topgateway.errors import Refused
from santong.topgateway.methods.registry import METHOD_BY_NAME
from santong.topgateway.rules import verifying
from santong.topgateway.rules.declaring import Method
from santong.topgateway.rules.envelope import content_type_of, refusal
from santong.topgateway.rules.received import Received
from santong.topgateway.views.carrying import carry_out

log = structlog.get_logger("santong.top")

Door = Literal["rest", "custom", "custom_test"]

NOBODY: Final = Actor(kind="app", id="", name="")
BROKEN: Final = Refused(errors.UNAVAILABLE, "isp.top-remote-service-unavailable", "try again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What goes back, always with HTTP 200."""

    text: str
    content_type: str


@dataclass(slots=True, kw_only=True)
class _Going:
    """What is known of a call so far. It is logged once the application has proved itself."""

    request: HttpRequest
    door: Door
    now: datetime
    request_id: str
    style: Style = "xml"
    app: openplatform.App | None = None
    method: Method | None = None
    merchant_id: int | None = None
    arguments: dict[str, object] = field(default_factory=dict)
    is_signed: bool = False


def answer(request: HttpRequest, *, door: Door, now: datetime) -> Answered:
    """The document for a call. A call that nobody we know has signed learns nothing."""
    started = time.perf_counter()
    going = _Going(
        request=request,
        door=door,
        now=now,
        request_id=getattr(request, "request_id", ""),
        style=_style_before_reading(request, door),
    )
    text, refused = _text_of(going)
    if refused is not None:
        text = refusal(refused, style=going.style, request_id=going.request_id)
    if going.is_signed:
        _log(going, refused, milliseconds=round((time.perf_counter() - started) * 1_000))
    return Answered(text=text, content_type=content_type_of(going.style))


def _text_of(going: _Going) -> tuple[str, Refused | None]:
    try:
        return _answer(going), None
    except Refused as refused:
        return "", refused
    except DataError:
        why = "a value is out of range"
        return "", Refused(errors.INVALID_ARGUMENTS, "isv.invalid-parameter", why)
    except Exception:  # whatever is broken, the client is told in words it knows
        log.exception("top_failed", method=going.method and going.method.name)
        return "", BROKEN


def _answer(going: _Going) -> str:
    received = _read(going.request)
    method, app = _verify(going, received)
    session = _session(received, method, app, going.now)
    going.merchant_id = session.merchant_id if session else None
    call = _call(going, app, session)
    _check_permissions(going, method, app, session, call)
    if again_at := openplatform.take_call(app=app, method=method.name, now=going.now):
        seconds = max(1, round((again_at - going.now).total_seconds()))
        why = f"This ban will last for {seconds} more seconds"
        raise Refused(errors.CALL_LIMITED, "accesscontrol.limited-by-api-access-count", why)
    going.arguments = arguments_of(received)
    asked = method.read(going.arguments)
    return carry_out(
        method=method, call=call, asked=asked, received=received, style=going.style
    ).text


def _read(request: HttpRequest) -> Received:
    check_length(written=request.META.get("CONTENT_LENGTH") or "")
    try:
        body = request.body
    except (RequestDataTooBig, UnreadablePostError):
        raise Refused(errors.PARAMETER_ERROR, "isv.invalid-body", "body: unreadable") from None
    return read(
        http_method=request.method or "",
        query=request.META.get("QUERY_STRING", ""),
        content_type=request.META.get("CONTENT_TYPE", ""),
        body=body,
    )


def _verify(going: _Going, received: Received) -> tuple[Method, openplatform.App]:
    """Method, application, version, time, format, signature. Raises Refused."""
    going.style = _style_of_refusal(received, going.door)
    name = verifying.method_name(received)
    method = going.method = METHOD_BY_NAME.get(name)
    if method is None:
        raise Refused(errors.INVALID_METHOD, "isv.invalid-method", f"method: {name[:80]}")
    app_key = verifying.app_key(received)
    app = going.app = openplatform.app_by_key(app_key=app_key, now=going.now)
    if app is None:
        raise Refused(errors.INVALID_APP_KEY, "isv.invalid-app-key", "app_key")
    verifying.check_version(received)
    verifying.check_time(received, now=going.now)
    style = verifying.style_of(received)
    going.style = style if going.door == "rest" or style == "xml" else "plain"
    verifying.check_signature(received, secrets=app.secrets)
    going.is_signed = True
    return method, app


def _session(
    received: Received, method: Method, app: openplatform.App, now: datetime
) -> openplatform.Session | None:
    key = received.said("session")
    if not method.needs_session:
        return None
    if not key:
        raise Refused(errors.MISSING_SESSION, "isv.missing-session", "session")
    session = openplatform.session_of(app=app, session_key=key, now=now)
    if session is None:
        raise Refused(errors.INVALID_SESSION, "isv.invalid-session", "session")
    return session


def _check_permissions(
    going: _Going,
    method: Method,
    app: openplatform.App,
    session: openplatform.Session | None,
    call: Call,
) -> None:
    """What the application may use, then what the seller lets it do, then from where it calls."""
    if not app.may_call or (going.door == "custom_test" and app.state != "sandbox"):
        why = f"the application is {app.state}"
        raise Refused(errors.ISV_PERMISSIONS, "isv.permission-app-state", why)
    if method.pack not in app.packs:
        why = f"the application has not the pack {method.pack}"
        raise Refused(errors.ISV_PERMISSIONS, "isv.permission-api-package-empty", why)
    if session is not None and method.pack not in session.packs:
        why = f"the seller does not let the application use the pack {method.pack}"
        raise Refused(errors.USER_PERMISSIONS, "isv.permission-api-package-not-allowed", why)
    if method.permission and not call.actor.may(method.permission):
        why = f"the seller has not given {method.permission}"
        raise Refused(errors.USER_PERMISSIONS, "isv.permission-api-package-not-allowed", why)
    address = going.request.META.get("REMOTE_ADDR", "")
    verifying.check_address(address=address, ranges=app.ip_ranges)


def _call(going: _Going, app: openplatform.App, session: openplatform.Session | None) -> Call:
    return Call(
        merchant_id=session.merchant_id if session else 0,
        app_key=app.app_key,
        user_id=session.user_id if session else 0,
        user_nick=session.user_nick if session else "",
        actor=openplatform.actor_of(session=session) if session else NOBODY,
        sees_personal_data=session.sees_personal_data if session else "none",
        request_id=going.request_id,
        now=going.now,
    )


def _style_before_reading(request: HttpRequest, door: Door) -> Style:
    """What cannot be read is refused in the style that its address names."""
    wants_json = "format=json" in request.META.get("QUERY_STRING", "").split("&")
    return ("json" if door == "rest" else "plain") if wants_json else "xml"


def _style_of_refusal(received: Received, door: Door) -> Style:
    """How a call is refused before its format has been looked at: as it asks, as far as it can."""
    if received.said("format") != "json":
        return "xml"
    return "json" if door == "rest" else "plain"


def _log(going: _Going, refused: Refused | None, *, milliseconds: int) -> None:
    assert going.app is not None
    method = going.method
    openplatform.log_call(
        record=openplatform.CallRecord(
            app_key=going.app.app_key,
            owner_id=going.app.owner_id,
            seller_id=going.merchant_id,
            method=method.name if method else "",
            at=going.now,
            milliseconds=milliseconds,
            code=str(refused.code) if refused else "",
            sub_code=refused.sub_code if refused else "",
            address=going.request.META.get("REMOTE_ADDR", ""),
            request_id=going.request_id,
            request=going.arguments,
            shown=method.names_nobody if method else frozenset(),
        )
    )
