"""The REST API: every context's router under one root, refusals as problem+json."""

from __future__ import annotations

import importlib.util
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from santong.kernel.http.body import StrictParser
from santong.kernel.http.middleware import unauthenticated
from santong.kernel.http.problems import problem

ROUTERS = [
    "santong.merchants.api.router",
    "santong.catalog.api.router",
    "santong.stores.api.router",
    "santong.inventory.api.router",
    "santong.orders.api.router",
    "santong.routing.api.router",
    "santong.fulfilment.api.router",
    "santong.gateway.api.router",
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

for path in ROUTERS:
    if importlib.util.find_spec(path.rpartition(".")[0]):
        api.add_router("", import_string(path))


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
