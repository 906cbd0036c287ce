"""The REST API: every context's router under one root, refusals as problem+json."""

from __future__ import annotations

import importlib.util
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import PathView

from santong.kernel.errors import DomainError
from santong.kernel.http.body import StrictParser
from santong.kernel.http.middleware import unauthenticated
from santong.kernel.http.problems import problem, refusal

ROUTERS = [
    "santong.merchants.api.router",
    "santong.clocks.api.router",
    "santong.evidence.api.router",
    "santong.openplatform.api.router",
    "santong.catalog.api.router",
    "santong.stores.api.router",
    "santong.inventory.api.router",
    "santong.customers.api.router",
    "santong.payments.api.ledger.router",
    "santong.payments.api.money.router",
    "santong.prepaid.api.router",
    "santong.membership.api.router",
    "santong.benefits.api.router",
    "santong.orders.api.router",
    "santong.routing.api.router",
    "santong.fulfilment.api.router",
    "santong.storefront.api.router",
    "santong.invoicing.api.router",
    "santong.reconciliation.api.router",
    "santong.settlement.api.router",
    "santong.agreements.api.router",
    "santong.fieldservice.api.router",
    "santong.presales.api.router",
    "santong.stagedsales.api.router",
    "santong.aftersales.api.router",
    "santong.gateway.api.orders.router",
    "santong.gateway.api.connections.router",
    "santong.messaging.api.router",
    "santong.qimen.api.router",
    "santong.agents.api.router",
]

api = NinjaAPI(
    title="Santong",
    version="1",
    description="One stock, every order served from the best place.",
    parser=StrictParser(),
    urls_namespace="api",
    docs_url="/docs",
    openapi_url="/openapi.json",
)


def _one_router() -> Router:
    """All contexts' endpoints under one root; two may share a path with different methods.

    An order is read from its own context and placed by way of the gateway. Routers of their own
    would each claim the path, and the first would refuse the other's methods.
    """
    together = Router()
    for place in ROUTERS:
        if not importlib.util.find_spec(place.rpartition(".")[0]):
            continue
        router: Router = import_string(place)
        for path, view in router.path_operations.items():
            for operation in view.operations:
                operation.tags = operation.tags or router.tags
            known = together.path_operations.setdefault(path, PathView())
            known.operations.extend(view.operations)
    # `/orders/bulk` before `/orders/{order_id}`: the first path that fits takes the request.
    paths = sorted(together.path_operations.items(), key=lambda known: "{" in known[0])
    together.path_operations = type(together.path_operations)(paths)
    return together


api.add_router("", _one_router())


@api.exception_handler(AuthenticationError)
def _unauthenticated(request: HttpRequest, raised: AuthenticationError) -> HttpResponse:
    return unauthenticated(request)


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, raised: ValidationError) -> HttpResponse:
    """Say which field is wrong, by JSON pointer."""
    errors = [
        {"pointer": _pointer(error["loc"]), "reason": error["msg"]} for error in raised.errors
    ]
    return problem(
        status=422,
        code="kernel.invalid",
        members={"errors": errors},
        request_id=getattr(request, "request_id", ""),
    )


@api.exception_handler(HttpError)
def _http_error(request: HttpRequest, raised: HttpError) -> HttpResponse:
    # Whatever reading a body raises arrives here as the cause of a 400.
    if isinstance(raised.__cause__, DomainError):
        return refusal(request, raised.__cause__)
    return problem(
        status=raised.status_code,
        code="kernel.malformed"
        if raised.status_code == HTTPStatus.BAD_REQUEST
        else "kernel.refused",
        request_id=getattr(request, "request_id", ""),
    )


def _pointer(place: tuple[Any, ...]) -> str:
    """`("body", "order", "lines", 0)` becomes `/lines/0`: the argument's name is not theirs."""
    where, *rest = place
    if where == "body":
        return "".join(f"/{part}" for part in rest[1:])
    return "".join(f"/{part}" for part in place)
