"""Lines to marketplaces and older CRMs: how they fare, and what went over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse

from santong.console.views.frame import page, sentence_of, shown
from santong.gateway import public as gateway
from santong.kernel.errors import DomainError, FieldInvalid
from santong.kernel.http.auth import MerchantRequest
from santong.kernel.http.pages import LARGEST_ID, before_id, cursor_after, id_of
from santong.kernel.signing import SIGN_METHODS
from santong.membership import public as membership
from santong.merchants import public as merchants

SHOWN: Final = 30
ALARMS_SHOWN: Final = 20
WINDOWS: Final = {
    "5m": timedelta(minutes=5),
    "1h": timedelta(hours=1),
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
}
FIRST_WINDOW: Final = "24h"
# How long the secret before stays good, in minutes.
OLDER_LIVES: Final = (1_440, 60, 10_080, 0)


@page("connections.view")
def connection_list(request: MerchantRequest) -> HttpResponse:
    """Every line with its breaker, its queue and how its calls fared."""
    return list_page(request)


def list_page(request: MerchantRequest, *, refused: DomainError | None = None) -> HttpResponse:
    """Every line; with a refusal beside the form for a new one."""
    now = datetime.now(UTC)
    window = _window(request)
    health = gateway.health(merchant_id=request.merchant_id, since=now - WINDOWS[window])
    lines = gateway.line_states(merchant_id=request.merchant_id)
    alarms = gateway.alarms(
        merchant_id=request.merchant_id, before_id=LARGEST_ID, limit=ALARMS_SHOWN
    )
    found = gateway.connections(merchant_id=request.merchant_id, now=now)
    values = {
        "connections": found,
        "health": {each.id: _sum(health, each.id) for each in found},
        "line": {each.connection_id: each for each in lines},
        "alarms": alarms,
        "open_alarms": [each for each in alarms if each.closed_at is None],
        "name_by_id": {each.id: each.name for each in found},
        "windows": WINDOWS,
        "window": window,
        **_choices(request, found),
        "may_edit": "connections.edit" in request.actor.permissions,
        **_refusal(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "connections", values, section="connections", status=status)


@page("connections.view")
def connection_detail(request: MerchantRequest, connection_id: str) -> HttpResponse:
    """One line: its methods, its alarms, its log."""
    return connection_page(request, id_of(connection_id, kind="connection"))


def connection_page(
    request: MerchantRequest,
    connection_id: int,
    *,
    refused: DomainError | None = None,
    failed: str = "",
    new_secret: gateway.NewSecret | None = None,
) -> HttpResponse:
    """The page of one line; with a refusal beside the form that was refused."""
    now = datetime.now(UTC)
    merchant_id = request.merchant_id
    connection = gateway.connection_by_id(
        merchant_id=merchant_id, connection_id=connection_id, now=now
    )
    window = _window(request)
    only_failures = request.GET.get("calls") == "failed"
    calls = gateway.calls_of(
        merchant_id=merchant_id,
        connection_id=connection_id,
        before_id=before_id(request.GET.get("cursor")),
        limit=SHOWN + 1,
        only_failures=only_failures,
    )
    filters = {"window": window, **({"calls": "failed"} if only_failures else {})}
    alarms = gateway.alarms(merchant_id=merchant_id, before_id=LARGEST_ID, limit=ALARMS_SHOWN)
    shops = merchants.storefronts(merchant_id=merchant_id)
    states = gateway.line_states(merchant_id=merchant_id, connection_id=connection_id)
    health = gateway.health(
        merchant_id=merchant_id, since=now - WINDOWS[window], connection_id=connection_id
    )
    values: dict[str, Any] = {
        "connection": connection,
        "storefront": next(
            (each.name for each in shops if each.code == connection.storefront_code),
            connection.storefront_code,
        ),
        "line": next(iter(states), None),
        "health": health,
        "sum": _sum(health, connection_id),
        "alarms": [each for each in alarms if each.connection_id == connection_id],
        "calls": calls[:SHOWN],
        "only_failures": only_failures,
        "next": (
            urlencode({**filters, "cursor": cursor_after(calls[SHOWN - 1].id)})
            if len(calls) > SHOWN
            else ""
        ),
        "windows": WINDOWS,
        "window": window,
        "may_edit": "connections.edit" in request.actor.permissions,
        "older_lives": OLDER_LIVES,
        "new_secret": new_secret,
        "failed": failed,
        "refused": gateway.refused_calls_of(
            merchant_id=merchant_id, connection_id=connection_id, limit=SHOWN
        ),
        "refused_lately": gateway.refused_since(
            merchant_id=merchant_id, connection_id=connection_id, since=now - WINDOWS["5m"]
        ),
        "waiting": gateway.waiting_of(
            merchant_id=merchant_id, connection_id=connection_id, limit=SHOWN, refused=SHOWN
        ),
        **_choices(request, gateway.connections(merchant_id=merchant_id, now=now)),
        **_refusal(request, refused),
    }
    status = refused.status if refused else HTTPStatus.OK
    return shown(request, "connection", values, section="connections", status=status)


def _choices(request: MerchantRequest, connections: Sequence[gateway.Connection]) -> dict[str, Any]:
    """What a line can lead to, and how it can be signed."""
    return {
        "kinds": gateway.CONNECTION_KINDS,
        "sign_methods": SIGN_METHODS,
        "storefronts": merchants.storefronts(merchant_id=request.merchant_id),
        "programmes": membership.programmes(merchant_id=request.merchant_id),
        "older_crms": [each for each in connections if each.kind == "crm"],
    }


def _refusal(request: MerchantRequest, refused: DomainError | None) -> dict[str, Any]:
    return {
        "refusal": sentence_of(refused) if refused else "",
        "wrong": refused.pointer.strip("/") if isinstance(refused, FieldInvalid) else "",
        "sent": request.POST,
    }


def _window(request: MerchantRequest) -> str:
    asked = request.GET.get("window", "")
    return asked if asked in WINDOWS else FIRST_WINDOW


def _sum(health: list[gateway.Health], connection_id: int) -> dict[str, Any]:
    """All methods of a line together; the slowest of their times."""
    own = [each for each in health if each.connection_id == connection_id]
    calls, failures = sum(each.calls for each in own), sum(each.failures for each in own)
    return {
        "calls": calls,
        "failures": failures,
        "percentage": gateway.percentage(counts=gateway.Counts(calls=calls, failures=failures)),
        "p95_ms": max((each.p95_ms for each in own), default=None),
    }
