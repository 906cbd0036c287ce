"""The way of a request: its id, its scope, its credential, its one effect."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

import structlog
from django.conf import settings
from django.db import DataError, OperationalError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from santong.kernel import cells, idempotency, metrics, tenancy
from santong.kernel.errors import Busy, DomainError, FieldInvalid, KeyMissing
from santong.kernel.http.auth import Credentials
from santong.kernel.http.body import what_it_says
from santong.kernel.http.problems import problem, refusal

Respond = Callable[[HttpRequest], HttpResponse]

# serialization_failure, deadlock_detected, lock_not_available
WORTH_RETRYING = frozenset({"40001", "40P01", "55P03"})
TRIES = 4
# Pages load from here and from nowhere else, and run no script that stands in them.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
    " form-action 'self'; frame-ancestors 'none'"
)
# Whoever calls here signs the call itself: it has no credential of ours, and what it may not do is
# answered in its own words.
SIGNED = ("/spi/", "/router/", "/qimen")
_MOVING = Busy(retry_after_seconds=2)
_REQUEST_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")

log = structlog.get_logger("santong.http")


class RequestMiddleware:
    """Gives a request its id, its log line and its time; refuses text that no database takes."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-Id", "")
        request_id = given if _REQUEST_ID.match(given) else uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        has_nul = "\x00" in request.path or "%00" in request.META.get("QUERY_STRING", "")
        if has_nul and not request.path.startswith(SIGNED):
            response = refusal(request, FieldInvalid(pointer="/url", reason="contains NUL"))
        else:
            response = self.get_response(request)
        seconds = time.perf_counter() - started
        response["X-Request-Id"] = request_id
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self._count(request, response, seconds)
        return response

    def _count(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        match = request.resolver_match
        route = match.route if match else "unknown"
        method = request.method or ""
        metrics.REQUESTS.labels(method, route, response.status_code).observe(seconds)
        if (
            response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR
            or settings.SANTONG_LOG_REQUESTS
        ):
            log.info(
                "request",
                method=method,
                route=route,
                status=response.status_code,
                milliseconds=round(seconds * 1000, 1),
                merchant_id=getattr(request, "merchant_id", None),
            )


class ScopeMiddleware:
    """Runs a request in its merchant's scope: one transaction, one effect, retried if need be."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.credentials: Credentials = import_string(settings.SANTONG_CREDENTIALS)()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.merchant_id = None  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        if request.path.startswith(SIGNED):
            return self.get_response(request)
        merchant_id = self.credentials.merchant_of(request)
        if merchant_id is None:
            return self.get_response(request)
        try:
            response = self._try_often(request, merchant_id)
        except cells.UnknownMerchant:
            response = None
        except cells.MerchantIsMoving:
            return refusal(request, _MOVING)
        # A credential that is not good opens nothing: its request goes on outside any scope.
        return self.get_response(request) if response is None else response

    def process_exception(self, request: HttpRequest, raised: Exception) -> HttpResponse | None:
        """Django calls this where a view has raised."""
        if isinstance(raised, DomainError):
            return refusal(request, raised)
        if isinstance(raised, cells.MerchantIsMoving):
            return refusal(request, _MOVING)
        if isinstance(raised, OperationalError) and _is_worth_retrying(raised):
            request.is_worth_retrying = True  # type: ignore[attr-defined]
            return refusal(request, Busy())
        if isinstance(raised, DataError):
            log.warning("value_refused_by_database", error=str(raised))
            return refusal(request, FieldInvalid(pointer="", reason="a value is out of range"))
        return None

    def _try_often(self, request: HttpRequest, merchant_id: int) -> HttpResponse | None:
        for left in reversed(range(TRIES)):
            request.is_worth_retrying = False  # type: ignore[attr-defined]
            response: HttpResponse | None
            try:
                response = self._in_scope(request, merchant_id)
            except OperationalError as failure:  # while the transaction ended
                if not _is_worth_retrying(failure):
                    raise
                request.is_worth_retrying = True  # type: ignore[attr-defined]
                response = refusal(request, Busy())
            if not request.is_worth_retrying or not left:  # type: ignore[attr-defined]
                return response
            metrics.RETRIES.labels("locked").inc()
        raise AssertionError("the last try returns")

    def _in_scope(self, request: HttpRequest, merchant_id: int) -> HttpResponse | None:
        request_id: str = request.request_id  # type: ignore[attr-defined]
        with tenancy.scope(merchant_id=merchant_id, request_id=request_id):
            actor = self.credentials.actor_of(request, merchant_id)
            if actor is None:
                return None
            request.merchant_id = merchant_id  # type: ignore[attr-defined]
            request.actor = actor  # type: ignore[attr-defined]
            with tenancy.acting_as(actor):
                if request.method == "POST" and request.path.startswith("/api/"):
                    return self._answer_once(request, merchant_id)
                return self._answer(request)

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            transaction.set_rollback(True)
        return response

    def _answer_once(self, request: HttpRequest, merchant_id: int) -> HttpResponse:
        """The first answer for every request with the same key and content."""
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return refusal(request, KeyMissing())
        try:
            said = what_it_says(request)
        except DomainError as refused:
            return refusal(request, refused)
        hashed = idempotency.request_hash(
            f"{request.actor.kind}:{request.actor.id}".encode(),  # type: ignore[attr-defined]
            request.get_full_path().encode(),
            *said,
        )
        try:
            first = idempotency.first_answer(merchant_id=merchant_id, key=key, hashed=hashed)
        except DomainError as refused:
            return refusal(request, refused)
        if first is not None:
            return _again(first)
        response = self._answer(request)
        keeps_effects = getattr(response, "keeps_effects", False)
        if response.status_code < HTTPStatus.BAD_REQUEST or keeps_effects:
            idempotency.remember(
                merchant_id=merchant_id,
                key=key,
                hashed=hashed,
                answer=_to_keep(response),
                now=datetime.now(UTC),
            )
        else:
            transaction.set_rollback(True)
        return response


def _to_keep(response: HttpResponse) -> idempotency.Answer | None:
    """What may be answered again; nothing, if it says of itself that it is not to be stored."""
    if "no-store" in response.get("Cache-Control", ""):
        return None
    return idempotency.Answer(
        response.status_code, response.content, response.get("Content-Type", "")
    )


def _again(first: idempotency.Answer) -> HttpResponse:
    response = HttpResponse(first.body, status=first.status, content_type=first.content_type)
    response["Idempotent-Replayed"] = "true"
    return response


def _is_worth_retrying(failure: OperationalError) -> bool:
    return getattr(failure.__cause__, "sqlstate", None) in WORTH_RETRYING


def unauthenticated(request: HttpRequest) -> HttpResponse:
    """401 as a problem document."""
    return problem(
        status=401,
        code="kernel.unauthenticated",
        request_id=getattr(request, "request_id", ""),
    )
