"""Answers in the protocol's shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse, JsonResponse

from santong.agents import contracts
from santong.agents.errors import (
    NothingToBeHad,
    PlatformTrouble,
    RequestInvalid,
    SessionEnded,
    SessionGone,
)
from santong.agents.rules.ucp.negotiation import envelope
from santong.kernel import cells
from santong.kernel.errors import DomainError, KeyReused, NotFound

_STATUS_BY_TROUBLE: Final[Mapping[str, HTTPStatus]] = {
    "invalid_profile_url": HTTPStatus.BAD_REQUEST,
    "profile_unreachable": HTTPStatus.FAILED_DEPENDENCY,
    "profile_malformed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "version_unsupported": HTTPStatus.UNPROCESSABLE_ENTITY,
}
_CONTENT_BY_TROUBLE: Final[Mapping[str, str]] = {
    "invalid_profile_url": "UCP-Agent has to name a profile that can be fetched over HTTPS.",
    "profile_unreachable": "The platform's profile did not answer.",
    "profile_malformed": "The platform's profile is not one of this protocol.",
    "version_unsupported": f"This business speaks version {contracts.UCP_VERSION}.",
}
_PROBLEMS: Final[tuple[tuple[type[Exception], HTTPStatus, str, str], ...]] = (
    (cells.UnknownMerchant, HTTPStatus.NOT_FOUND, "not_found", "No shop answers here."),
    (NotFound, HTTPStatus.NOT_FOUND, "not_found", "No shop answers here."),
    (KeyReused, HTTPStatus.CONFLICT, "idempotency_key_reused", "The key came with another call."),
    (SessionEnded, HTTPStatus.CONFLICT, "not_modifiable", "This checkout is {0.state} already."),
    (RequestInvalid, HTTPStatus.BAD_REQUEST, "invalid_request", "{0.where}: {0.reason}"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, as JSON."""

    document: Mapping[str, Any]
    status: HTTPStatus = HTTPStatus.OK


def written(answer: Answer) -> HttpResponse:
    return JsonResponse(
        dict(answer.document),
        status=answer.status,
        json_dumps_params={"ensure_ascii": False},
        headers={"Cache-Control": "no-store"},
    )


def refusal_answer(refused: Exception) -> HttpResponse:
    """A refusal in the protocol's shapes: who cannot be talked to, what is not there, what is over.

    What a business decides on goods is no refusal: it comes as messages with status 200.
    """
    if isinstance(refused, PlatformTrouble):
        return _trouble_answer(refused.trouble)
    if isinstance(refused, SessionGone):
        return _outcome("not_found", "There is no such checkout.", HTTPStatus.NOT_FOUND)
    if isinstance(refused, NothingToBeHad):
        return _outcome("out_of_stock", "None of these can be bought now.", HTTPStatus.OK)
    for kind, status, code, content in _PROBLEMS:
        if isinstance(refused, kind):
            return _problem(status, code, content.format(refused))
    assert isinstance(refused, DomainError)
    return _domain_answer(refused)


def _domain_answer(refused: DomainError) -> HttpResponse:
    response = _problem(HTTPStatus(refused.status), refused.code, refused.code)
    if refused.status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        response["Retry-After"] = str(refused.members().get("retry_after_seconds", 1))
    return response


def _trouble_answer(trouble: str) -> HttpResponse:
    if trouble in _STATUS_BY_TROUBLE:
        return _problem(_STATUS_BY_TROUBLE[trouble], trouble, _CONTENT_BY_TROUBLE[trouble])
    what = "The platform has no capability for this in a version that is spoken here."
    return _outcome(trouble, what, HTTPStatus.OK)


def _outcome(code: str, content: str, status: HTTPStatus) -> HttpResponse:
    """What came of it, where there is nothing to show: the envelope and a message."""
    message = contracts.Message(code=code, content=content, severity="unrecoverable")
    document = {"ucp": envelope((), status="error"), "messages": [message.as_document()]}
    return written(Answer(document, status))


def _problem(status: HTTPStatus, code: str, content: str) -> HttpResponse:
    return written(Answer({"code": code, "content": content}, status))
