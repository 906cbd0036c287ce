"""The link of a visit's buyer: shown, and renewed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Schema

from santong.fieldservice.api.routes import router, seen_visit
from santong.fieldservice.errors import LinkOver
from santong.fieldservice.selectors.links import link_path, page_path
from santong.fieldservice.services import renew_link as renewing
from santong.kernel.http.auth import MerchantRequest, requires

DISPATCH = "visits.dispatch"


class VisitLinkOut(Schema):
    """Where the page of a visit's buyer answers."""

    path: str


@router.get("/visits/{visit_id}/link", response=VisitLinkOut, auth=requires(DISPATCH))
def show_visit_link(request: MerchantRequest, visit_id: str, response: HttpResponse) -> Any:
    """The buyer's link, which opens their page until it is renewed."""
    response["Cache-Control"] = "no-store"
    visit = seen_visit(request, visit_id)
    now = datetime.now(UTC)
    path = link_path(merchant_id=request.merchant_id, visit_id=visit.id, now=now)
    if not path:
        raise LinkOver
    return {"path": path}


@router.post("/visits/{visit_id}/link", response=VisitLinkOut, auth=requires(DISPATCH))
def renew_visit_link(request: MerchantRequest, visit_id: str, response: HttpResponse) -> Any:
    """Another link for the buyer; those that were given so far open nothing any more."""
    response["Cache-Control"] = "no-store"
    token = renewing.renew_link(
        merchant_id=request.merchant_id,
        visit_id=seen_visit(request, visit_id).id,
        now=datetime.now(UTC),
    )
    return {"path": page_path(token=token)}
