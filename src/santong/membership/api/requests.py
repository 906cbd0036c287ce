"""Corrections and transfers over HTTP: asked for by one, decided by another."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import Field

from santong.kernel.http.auth import MerchantRequest, requires
from santong.kernel.http.pages import Page, before_id, id_of, page_of
from santong.membership import contracts
from santong.membership.api.routes import (
    Body,
    Code,
    Key,
    Limit,
    Points,
    Reason,
    Source,
    act_for,
    known_member,
    router,
    sight_by,
)
from santong.membership.selectors.requests import requests_page
from santong.membership.services import approve_request as approving
from santong.membership.services import reject_request as rejecting
from santong.membership.services import request_correction as correcting
from santong.membership.services import transfer as transferring


class CorrectionIn(Body):
    """Points to be given by hand, or taken, below nothing."""

    source: Source
    key: Key
    member_id: str
    programme_code: Code
    points: Annotated[int, Field(strict=True, ge=-contracts.MOST_POINTS, le=contracts.MOST_POINTS)]
    reason: Reason


class TransferIn(Body):
    """Points to be handed to another member."""

    source: Source
    key: Key
    member_id: str
    to_member_id: str
    programme_code: Code
    points: Points
    reason: Reason


class DecisionIn(Body):
    """Why a request is approved, or rejected."""

    reason: Reason


class RequestOut(Schema):
    """A correction or a transfer, and who decided it."""

    id: str
    kind: contracts.RequestKind
    state: contracts.RequestState
    member_id: str
    to_member_id: str | None
    pool_code: str
    points: int
    reason: str
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str


@router.get("/points-requests", response=Page[RequestOut], auth=requires("points.view"))
def list_requests(
    request: MerchantRequest,
    state: contracts.RequestState | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> Any:
    """Corrections and transfers, newest first; in one state, or all."""
    sight = sight_by(request, "points.view")
    rows = requests_page(
        merchant_id=request.merchant_id,
        state=state,
        programme_ids=None if sight.is_whole else sight.programme_ids,
        before_id=before_id(cursor),
        limit=limit + 1,
    )
    return page_of([_request(row) for row in rows], limit=limit, ids=[row.id for row in rows])


@router.post("/points-corrections", response=RequestOut, auth=requires("points.correct"))
def request_correction(request: MerchantRequest, body: CorrectionIn) -> Any:
    """Ask for points to be given or taken by hand; somebody else decides."""
    act_for(request, programme_code=body.programme_code, brand_code="", permission="points.correct")
    said = body.model_dump(exclude={"member_id"})
    return _request(
        correcting.request_correction(
            merchant_id=request.merchant_id,
            member_id=known_member(request, body.member_id),
            now=datetime.now(UTC),
            **said,
        )
    )


@router.post("/points-transfers", response=RequestOut, auth=requires("points.correct"))
def transfer(request: MerchantRequest, body: TransferIn) -> Any:
    """Hand points to another member: at once up to the terms' threshold, else after a yes."""
    act_for(request, programme_code=body.programme_code, brand_code="", permission="points.correct")
    said = body.model_dump(exclude={"member_id", "to_member_id"})
    return _request(
        transferring.transfer(
            merchant_id=request.merchant_id,
            member_id=known_member(request, body.member_id),
            to_member_id=known_member(request, body.to_member_id),
            now=datetime.now(UTC),
            **said,
        )
    )


@router.post(
    "/points-requests/{request_id}/approve", response=RequestOut, auth=requires("points.approve")
)
def approve_request(request: MerchantRequest, request_id: str, body: DecisionIn) -> Any:
    """Let the points of a request move."""
    return _request(
        approving.approve_request(
            merchant_id=request.merchant_id,
            request_id=id_of(request_id, kind="points_request"),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


@router.post(
    "/points-requests/{request_id}/reject", response=RequestOut, auth=requires("points.approve")
)
def reject_request(request: MerchantRequest, request_id: str, body: DecisionIn) -> Any:
    """Refuse a request; nothing moves."""
    return _request(
        rejecting.reject_request(
            merchant_id=request.merchant_id,
            request_id=id_of(request_id, kind="points_request"),
            reason=body.reason,
            now=datetime.now(UTC),
        )
    )


def _request(row: contracts.PointsRequest) -> dict[str, Any]:
    written = {name: getattr(row, name) for name in RequestOut.model_fields}
    written["to_member_id"] = str(row.to_member_id) if row.to_member_id else None
    return {**written, "id": str(row.id), "member_id": str(row.member_id)}
