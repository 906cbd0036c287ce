"""Somebody else says yes."""

from __future__ import annotations

from datetime import datetime

from santong.kernel.tenancy import all_or_nothing
from santong.membership import contracts
from santong.membership.errors import OwnRequest
from santong.membership.rules.purchases import clean_reason
from santong.membership.services.decide_request import lock_request, post_request
from santong.membership.services.signature import signature


@all_or_nothing
def approve_request(
    *, merchant_id: int, request_id: int, reason: str, now: datetime
) -> contracts.PointsRequest:
    """Let the points of a correction or transfer move; not by whoever has asked for it.

    Raises OwnRequest, RequestDecided, TooFewPoints, NoSuch, FieldInvalid, Busy. Locks members, the
    request, then accounts.
    """
    reason = clean_reason(reason)
    row = lock_request(merchant_id=merchant_id, request_id=request_id)
    if row.requested_by == signature():
        raise OwnRequest(requested_by=row.requested_by)
    return post_request(merchant_id=merchant_id, request_id=request_id, reason=reason, now=now)
