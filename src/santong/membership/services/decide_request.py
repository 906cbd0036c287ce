"""Carry out a request, or do not. The members are locked here, and the request under them."""

from __future__ import annotations

from datetime import datetime

from santong.kernel import audit
from santong.kernel.errors import NoSuch
from santong.membership import contracts
from santong.membership.errors import RequestDecided, TooFewPoints
from santong.membership.models import PointsRequest
from santong.membership.rules.expiry import expiry_of
from santong.membership.rules.lots import cut
from santong.membership.selectors.members import current_member_ids
from santong.membership.selectors.programmes import programme_by_id
from santong.membership.selectors.requests import request_of
from santong.membership.selectors.terms import terms_of
from santong.membership.services.accounts import (
    SOURCE,
    entries,
    lock_points,
    of_brand,
    of_member,
)
from santong.membership.services.lock_current import lock_current
from santong.membership.services.signature import signature
from santong.payments import public as payments


def lock_request(*, merchant_id: int, request_id: int) -> PointsRequest:
    """Lock the members of a request that waits, and give it. Raises NoSuch, RequestDecided."""
    rows = PointsRequest.objects.of_merchant(merchant_id).filter(id=request_id)
    row = rows.first()
    if row is None:
        raise NoSuch(kind="points_request", key=str(request_id))
    ids = [row.member_id, *([row.to_member_id] if row.to_member_id else [])]
    lock_current(merchant_id=merchant_id, member_ids=ids)
    row = rows.lock().get()
    if row.state != "requested":
        raise RequestDecided(state=row.state)
    return row


def post_request(
    *, merchant_id: int, request_id: int, reason: str, now: datetime
) -> contracts.PointsRequest:
    """Let the points of a request move. Raises NoSuch, RequestDecided, TooFewPoints, Busy."""
    row = lock_request(merchant_id=merchant_id, request_id=request_id)
    programme = programme_by_id(merchant_id=merchant_id, programme_id=row.programme_id)
    moved = _transfer(row, programme, now) if row.to_member_id else _correction(row, programme, now)
    payments.post(
        merchant_id=merchant_id,
        source=SOURCE,
        txn=payments.NewTxn(
            key=f"request:{row.id}",
            kind=row.kind,
            reference=f"request:{row.id}",
            reason=row.reason,
            occurred_at=now,
            entries=moved,
        ),
        now=now,
    )
    return decide(row, state="posted", reason=reason, now=now)


def decide(
    row: PointsRequest, *, state: contracts.RequestState, reason: str, now: datetime
) -> contracts.PointsRequest:
    """Write down who decided a locked request, and how."""
    row.state, row.decided_at, row.decision_reason = state, now, reason
    row.decided_by = signature()
    row.save(update_fields=["state", "decided_by", "decided_at", "decision_reason"])
    audit.record(
        audit.Change(
            action=f"membership.{row.kind}_{state}",
            subject="points_request",
            subject_id=row.id,
            reason=reason,
            before={"state": "requested"},
            after={"state": state},
        ),
        now=now,
    )
    return request_of(merchant_id=row.merchant_id, row=row)


def _correction(
    row: PointsRequest, programme: contracts.Programme, now: datetime
) -> tuple[payments.NewEntry, ...]:
    """Points that are given pay first what is owed; the rest is good as if earned today."""
    asset = programme.points_asset
    (member_id,) = _current(row, row.member_id)
    has = lock_points(merchant_id=row.merchant_id, asset=asset, member_ids=[member_id], now=now)[
        member_id
    ]
    sink, available = of_brand(asset, "adjustment", programme.brand_id), "available"
    if row.points < 0:
        if has.available < -row.points:
            raise TooFewPoints(wanted=-row.points, available=has.available)
        return entries((of_member(asset, available, member_id), row.points), (sink, -row.points))
    terms = terms_of(merchant_id=row.merchant_id, programme_id=programme.id).terms
    paid = min(row.points, has.debt)
    found = entries((sink, -row.points), (of_member(asset, "debt", member_id), paid))
    if paid == row.points:
        return found
    expires_at = expiry_of(terms.expiry, earned_on=row.requested_on, timezone=terms.timezone)
    rest = payments.NewEntry(
        of_member(asset, available, member_id), row.points - paid, expires_at=expires_at
    )
    return (*found, rest)


def _transfer(
    row: PointsRequest, programme: contracts.Programme, now: datetime
) -> tuple[payments.NewEntry, ...]:
    """What ends first goes over first, each part with its end."""
    asset = programme.points_asset
    assert row.to_member_id is not None, "a transfer has somebody to go to"
    giver, taker = _current(row, row.member_id, row.to_member_id)
    has = lock_points(merchant_id=row.merchant_id, asset=asset, member_ids=[giver, taker], now=now)[
        giver
    ]
    if has.available < row.points:
        raise TooFewPoints(wanted=row.points, available=has.available)
    source, target = (of_member(asset, "available", each) for each in (giver, taker))
    lots = payments.lots_of(merchant_id=row.merchant_id, account=source)
    parts = cut([(lot.expires_at, lot.rest - lot.held) for lot in lots], wanted=row.points, now=now)
    return (
        payments.NewEntry(source, -row.points),
        *(payments.NewEntry(target, amount, expires_at=end) for end, amount in parts),
    )


def _current(row: PointsRequest, *member_ids: int) -> list[int]:
    found = current_member_ids(merchant_id=row.merchant_id, member_ids=member_ids)
    return [found[member_id] for member_id in member_ids]
