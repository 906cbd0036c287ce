"""Check my signature: a request that somebody pasted is looked at as the router looks at it."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from django.http import HttpResponse

from santong.kernel.http.auth import MerchantRequest
from santong.openplatform import public as openplatform
from santong.portal.rules.menu import VIEW
from santong.portal.rules.signing.checking import Looked, Step, looked_at
from santong.portal.rules.signing.pasted import LONGEST, taken_apart
from santong.portal.views.explorer import EDIT
from santong.portal.views.frame import page, shown
from santong.topgateway import public as topgateway

SECTION: Final = "portal_signature"


@page(VIEW)
def signature_page(request: MerchantRequest) -> HttpResponse:
    """The form."""
    return _shown(request, None)


@page(EDIT, method="POST")
def signature_check(request: MerchantRequest) -> HttpResponse:
    """Where a pasted request goes wrong. Nothing of it is kept or logged."""
    return _shown(request, _looked(request))


def _looked(request: MerchantRequest) -> Looked:
    pasted = taken_apart(
        text=request.POST.get("request", ""), body=request.POST.get("body", "")[:LONGEST]
    )
    try:
        read = topgateway.read_call(
            http_method=pasted.http_method,
            query=pasted.query,
            content_type=pasted.content_type,
            body=pasted.body.encode(errors="replace"),
        )
    except topgateway.Refused as refused:
        return Looked(steps=(Step(code="unreadable", outcome="bad", about=refused.sub_msg),))
    if not read.params:
        return Looked(steps=(Step(code="nothing", outcome="bad"),))
    now = datetime.now(UTC)
    return looked_at(
        params=read.params,
        body=read.body,
        secrets=_secrets(request, read.params.get("app_key", ""), now),
        signed_text=request.POST.get("signed_text", "")[:LONGEST],
        now=now,
    )


def _secrets(request: MerchantRequest, app_key: str, now: datetime) -> tuple[str, ...]:
    """Of the merchant's own apps alone: of others nothing is told."""
    own = openplatform.registered_apps(merchant_id=request.merchant_id)
    if app_key not in {each.app_key for each in own}:
        return ()
    app = openplatform.app_by_key(app_key=app_key, now=now)
    return app.secrets if app else ()


def _shown(request: MerchantRequest, looked: Looked | None) -> HttpResponse:
    values: dict[str, Any] = {
        "looked": looked,
        "sent": request.POST,
        "may_edit": request.actor.may(EDIT),
    }
    return shown(request, "signature", values, section=SECTION, status=HTTPStatus.OK)
