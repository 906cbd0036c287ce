"""One call of a tool: recognised, in the merchant's scope, one transaction, tried again if need be.

Everything here waits for the database, so the server runs it in a thread.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest
from django.utils.module_loading import import_string

from santong.agents.errors import AnswerTooLarge, CredentialRefused
from santong.agents.tools.arguments import understood
from santong.agents.tools.confirm import confirmed
from santong.agents.tools.registry import AnyTool, Call, tool_named, tools_of
from santong.kernel import cells, tenancy
from santong.kernel.errors import Busy, PermissionMissing
from santong.kernel.http.auth import Credentials
from santong.kernel.http.middleware import TRIES, WORTH_RETRYING
from santong.kernel.tenancy import Actor

MOST_BYTES: Final = 256 * 1024
LONGEST_CLIENT: Final = 40

R = TypeVar("R")


def seen_tools(*, token: str) -> list[AnyTool]:
    """What the holder of a credential may use. Raises CredentialRefused."""
    return _in_scope(token, "", lambda _merchant_id, actor, _now: list(tools_of(actor)))


def actor_of(*, token: str) -> Actor | None:
    """Whose credential it is, if it is good."""
    try:
        return _in_scope(token, "", lambda _merchant_id, actor, _now: actor)
    except CredentialRefused:
        return None


def call_tool(
    *, token: str, name: str, arguments: Mapping[str, Any], client: str
) -> dict[str, Any]:
    """What a tool gives, as JSON. Raises a DomainError that says what is missing or wrong."""
    tool = tool_named(name)

    def work(merchant_id: int, actor: Actor, now: datetime) -> dict[str, Any]:
        if missing := tool.missing(actor):
            raise PermissionMissing(permission=missing)
        call = Call(merchant_id=merchant_id, actor=actor.at(tool.permission), now=now)
        if tool.writes:
            return confirmed(tool, call, arguments)
        given: dict[str, Any] = tool.does(call, understood(tool, arguments)).model_dump(mode="json")
        return given

    given = _in_scope(token, client, work)
    if len(json.dumps(given, ensure_ascii=False).encode()) > MOST_BYTES:
        raise AnswerTooLarge(tool=name, most_bytes=MOST_BYTES)
    return given


def _in_scope(token: str, client: str, work: Callable[[int, Actor, datetime], R]) -> R:
    """Run in the scope of the credential's merchant, as its holder, as often as locks ask for."""
    for left in reversed(range(TRIES)):
        try:
            return _once(token, client, work)
        except OperationalError as failure:
            if getattr(failure.__cause__, "sqlstate", None) not in WORTH_RETRYING:
                raise
            if not left:
                raise Busy from failure
    raise AssertionError("the last try returns or raises")


def _once(token: str, client: str, work: Callable[[int, Actor, datetime], R]) -> R:
    credentials: Credentials = import_string(settings.SANTONG_CREDENTIALS)()
    request = _bearing(token)
    merchant_id = credentials.merchant_of(request)
    if merchant_id is None:
        raise CredentialRefused
    try:
        with tenancy.scope(merchant_id=merchant_id, request_id=uuid.uuid4().hex):
            actor = credentials.actor_of(request, merchant_id)
            if actor is None:
                raise CredentialRefused
            with tenancy.acting_as(_named(actor, client)) as scope:
                return work(merchant_id, scope.actor, datetime.now(UTC))
    except cells.UnknownMerchant:
        raise CredentialRefused from None
    except cells.MerchantIsMoving:
        raise Busy(retry_after_seconds=2) from None


def _bearing(token: str) -> HttpRequest:
    """A request that carries the token: whatever the API recognises, agents may come with."""
    request = HttpRequest()
    request.path = "/mcp"
    request.META["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    return request


def _named(actor: Actor, client: str) -> Actor:
    """The audit trail names the credential and the program that it says it is."""
    said = "".join(letter for letter in client if letter.isprintable())[:LONGEST_CLIENT].strip()
    return replace(actor, name=f"{actor.name} · {said}" if said else actor.name)
