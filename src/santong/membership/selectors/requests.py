"""Corrections and transfers, and who decided them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Sum

from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.models import PointsRequest
from santong.membership.selectors.programmes import programme_by_id


def request_by_id(*, merchant_id: int, request_id: int) -> contracts.PointsRequest:
    """One request. Raises NoSuch."""
    row = PointsRequest.objects.of_merchant(merchant_id).filter(id=request_id).first()
    if row is None:
        raise NoSuch(kind="points_request", key=str(request_id))
    return request_of(merchant_id=merchant_id, row=row)


def requests_page(
    *,
    merchant_id: int,
    state: contracts.RequestState | None = None,
    member_id: int | None = None,
    programme_ids: Collection[int] | None = None,
    before_id: int,
    limit: int,
) -> list[contracts.PointsRequest]:
    """Requests below an id, newest first; in one state, of one member, of some programmes."""
    rows = PointsRequest.objects.of_merchant(merchant_id).filter(id__lt=before_id)
    if state is not None:
        rows = rows.filter(state=state)
    if member_id is not None:
        rows = rows.filter(member=member_id)
    if programme_ids is not None:
        rows = rows.filter(programme__in=list(programme_ids))
    return [request_of(merchant_id=merchant_id, row=row) for row in rows.order_by("-id")[:limit]]


def handed_on(*, merchant_id: int, member_id: int, pool_id: int, on: date) -> int:
    """How many points a member has handed on, or asked to, in a day."""
    rows = (
        PointsRequest.objects.of_merchant(merchant_id)
        .filter(member=member_id, requested_on=on, pool=pool_id, kind="transfer")
        .exclude(state="rejected")
    )
    found: int | None = rows.aggregate(points=Sum("points"))["points"]
    return int(found or 0)


def request_of(*, merchant_id: int, row: PointsRequest) -> contracts.PointsRequest:
    """A row as other contexts know it."""
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    contract: contracts.PointsRequest = row.as_contract(pool_code=programme.pool_code)
    return contract
