"""Refusals as documents: RFC 9457 problem+json for programs, a page for people."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from santong.kernel import metrics
from santong.kernel.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def problem(
    *, status: int, code: str, members: dict[str, Any] | None = None, request_id: str = ""
) -> HttpResponse:
    """A problem document. `code` is stable; `title` is for people, in their language."""
    document: dict[str, Any] = {
        "type": f"urn:santong:problem:{code}",
        "title": gettext(code),
        "status": status,
        "code": code,
        **(members or {}),
    }
    if request_id:
        document["request_id"] = request_id
    body = json.dumps(document, ensure_ascii=False, default=plain)
    response = HttpResponse(body, status=status, content_type=CONTENT_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response["Retry-After"] = str((members or {}).get("retry_after_seconds", 1))
    return response


def refusal(request: HttpRequest, refused: DomainError) -> HttpResponse:
    """The answer to a refused request; whatever it had begun is rolled back."""
    metrics.REFUSALS.labels(refused.code).inc()
    if transaction.get_connection().in_atomic_block:
        transaction.set_rollback(True)
    request_id = getattr(request, "request_id", "")
    if request.path.startswith("/api/"):
        return problem(
            status=refused.status,
            code=refused.code,
            members=refused.members(),
            request_id=request_id,
        )
    context = {"refused": refused, "title": gettext(refused.code), "members": refused.members()}
    page = getattr(request, "refused_template", "refused.html")
    return render(request, page, context, status=refused.status)


def kept_refusal(request: HttpRequest, refused: DomainError) -> HttpResponse:
    """A refusal whose count must stay: what the service wrote is committed with the answer."""
    metrics.REFUSALS.labels(refused.code).inc()
    response = problem(
        status=refused.status,
        code=refused.code,
        members=refused.members(),
        request_id=getattr(request, "request_id", ""),
    )
    response.keeps_effects = True  # type: ignore[attr-defined]
    return response


def plain(value: object) -> Any:
    """What JSON has no word for, in words that it has."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    return str(value)
