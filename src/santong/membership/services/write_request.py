"""Write down who asks for which points to move, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from santong.kernel import audit
from santong.membership import contracts
from santong.membership.errors import PointsKeyTaken
from santong.membership.models import PointsRequest
from santong.membership.rules.calendar import day_of
from santong.membership.selectors.programmes import programme_by_code
from santong.membership.selectors.requests import request_of
from santong.membership.selectors.terms import terms_of
from santong.membership.services.signature import signature


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks for."""

    merchant_id: int
    source: str
    key: str
    kind: contracts.RequestKind
    member_id: int
    to_member_id: int | None
    programme_code: str
    points: int
    reason: str


def request_named(asked: Asked) -> contracts.PointsRequest | None:
    """The request that this source and key stand for already. Raises PointsKeyTaken."""
    row = (
        PointsRequest.objects.of_merchant(asked.merchant_id)
        .filter(source=asked.source, key=asked.key)
        .first()
    )
    if row is None:
        return None
    same = (row.kind, row.member_id, row.to_member_id, row.points)
    if same != (asked.kind, asked.member_id, asked.to_member_id, asked.points):
        raise PointsKeyTaken(source=asked.source, key=asked.key)
    return request_of(merchant_id=asked.merchant_id, row=row)


def write_request(asked: Asked, *, needs_approval: bool, now: datetime) -> contracts.PointsRequest:
    """Keep a request. Its members are locked. Raises NoSuch, NothingPromised."""
    merchant_id = asked.merchant_id
    programme = programme_by_code(merchant_id=merchant_id, code=asked.programme_code)
    terms = terms_of(merchant_id=merchant_id, programme_id=programme.id).terms
    row = PointsRequest.objects.create(
        merchant_id=merchant_id,
        source=asked.source,
        key=asked.key,
        kind=asked.kind,
        state="requested",
        pool_id=programme.pool_id,
        programme_id=programme.id,
        member_id=asked.member_id,
        to_member_id=asked.to_member_id,
        points=asked.points,
        reason=asked.reason,
        needs_approval=needs_approval,
        requested_by=signature(),
        requested_at=now,
        requested_on=day_of(now, timezone=terms.timezone),
    )
    audit.record(
        audit.Change(
            action=f"membership.request_{asked.kind}",
            subject="points_request",
            subject_id=row.id,
            reason=asked.reason,
            after={
                "member_id": asked.member_id,
                "to_member_id": asked.to_member_id,
                "points": asked.points,
            },
        ),
        now=now,
    )
    return request_of(merchant_id=merchant_id, row=row)
